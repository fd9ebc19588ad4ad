import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { authMetadataService } from "../identity-provider/auth-metadata-service.ts";
import type { OAuthClient, Tokens } from "../identity-provider/tokens.ts";
import type { BuildParts } from "./builds.ts";
import { clusterService } from "./cluster-service.ts";
import { contextOf } from "./connection.ts";
import { dataProxyService } from "./data-proxy-service.ts";
import { databaseAway } from "./database-away.ts";
import { imageService } from "./image-service.ts";
import { answerUnauthenticated, type NodeHandlerFn } from "./node-http.ts";
import { projectService } from "./project-service.ts";
import type { Projects } from "./projects.ts";
import { recordRequests } from "./recorded-requests.ts";
import { isOfAbsentService, refusals } from "./refusals.ts";
import type { Registrations } from "./registrations.ts";
import { type Gate, gated } from "./request-handler.ts";
import { runService } from "./run-service.ts";
import { type TaskServiceOptions, taskService } from "./task-service.ts";
import { answerUnserved } from "./unserved.ts";

/** Who may call the API, and where they get their tokens. */
export interface Authentication {
  readonly client: OAuthClient;
  readonly tokens: Tokens;
  readonly tokenUrl: string;
}

/** What the API is made of. */
export interface ApiParts {
  readonly gate: Gate;
  readonly registrations: Registrations;
  readonly projects: Projects;
  readonly tasks: TaskServiceOptions;
  readonly authentication: Authentication | undefined;
  readonly builds: BuildParts;
  readonly now: () => Date;
  /** The control plane's own origin; known only once it listens. */
  readonly origin: () => string;
  /** The origin of the data plane; the control plane's if it has none of its own. */
  readonly dataPlaneOrigin: () => string;
}

/** "/flyteidl2.task.TaskService/DeployTask" becomes "TaskService/DeployTask". */
const rpcName = (path: string): string => path.replace(/^\/(?:\w+\.)*(?=\w+\/)/, "");

function controlPlaneRoutes(router: ConnectRouter, parts: ApiParts): void {
  const { registrations, projects, tasks, authentication, builds, origin, dataPlaneOrigin } = parts;
  const { client, tokenUrl } = authentication ?? {};
  router.service(TaskService, taskService(registrations, projects, tasks));
  router.service(ProjectService, projectService(projects));
  router.service(AuthMetadataService, authMetadataService(client, tokenUrl, origin));
  const dataPlane = () => builds.behaviors.current().dataPlaneUrl ?? dataPlaneOrigin();
  router.service(ClusterService, clusterService(dataPlane));
  router.service(RunService, runService({ ...builds, registrations, projects }));
}

function dataPlaneRoutes(router: ConnectRouter, { builds, projects, now }: ApiParts): void {
  router.service(DataProxyService, dataProxyService({ ...builds, projects, now }));
  router.service(ImageService, imageService(builds.runs, builds.behaviors));
}

/** The handler of one endpoint: the services that are there, and the bucket with those of the data plane. */
export function apiHandler(
  parts: ApiParts,
  endpoint: "control-plane" | "data-plane",
  services: readonly ("control-plane" | "data-plane")[],
): NodeHandlerFn {
  const { gate, authentication, builds } = parts;
  const rpc = connectNodeAdapter({
    routes(router) {
      if (services.includes("control-plane")) controlPlaneRoutes(router, parts);
      if (services.includes("data-plane")) dataPlaneRoutes(router, parts);
    },
    interceptors: [
      recordRequests(builds.requests, endpoint),
      databaseAway(gate.faults.databaseIsAway),
      refusals(builds.behaviors),
    ],
    contextValues: contextOf,
    fallback: (request, response) => answerUnserved(rpcName(request.url ?? ""), response),
  });
  const header = authentication?.client.authorizationHeader ?? "authorization";
  return gated(
    gate,
    (request) => {
      if (request.method === "PUT") return { method: "PUT upload", endpoint: "bucket" };
      const identity = authentication?.tokens.identify(request.headers[header]?.toString());
      return { method: rpcName(request.url ?? ""), endpoint, ...(identity !== undefined && { identity }) };
    },
    (call, request, response) => {
      if (call.method === "PUT upload") return builds.objectStore.put(request, response);
      const needsToken = authentication !== undefined && !call.method.startsWith("AuthMetadataService/");
      if (needsToken && call.identity === undefined) return answerUnauthenticated(response);
      if (isOfAbsentService(call.method, builds.behaviors)) return answerUnserved(call.method, response);
      rpc(request, response);
    },
  );
}
