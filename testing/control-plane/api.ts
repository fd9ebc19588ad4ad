import { connectNodeAdapter } from "@connectrpc/connect-node";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { authMetadataService } from "../identity-provider/auth-metadata-service.ts";
import type { OAuthClient, Tokens } from "../identity-provider/tokens.ts";
import { databaseAway } from "./database-away.ts";
import { answerUnauthenticated, type NodeHandlerFn } from "./node-http.ts";
import { createObjectStore } from "./object-store.ts";
import { projectService } from "./project-service.ts";
import type { Projects } from "./projects.ts";
import type { Registrations } from "./registrations.ts";
import { type Gate, gated } from "./request-handler.ts";
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
  readonly now: () => Date;
  /** The API's own origin; known only once it listens. */
  readonly origin: () => string;
}

/** "/flyteidl2.task.TaskService/DeployTask" becomes "TaskService/DeployTask". */
const rpcName = (path: string): string => path.replace(/^\/(?:\w+\.)*(?=\w+\/)/, "");

/** The handler of the control plane's API: its services, and the object store that code bundles are uploaded to. */
export function apiHandler(parts: ApiParts): NodeHandlerFn {
  const { gate, registrations, projects, tasks, authentication, now, origin } = parts;
  const objectStore = createObjectStore(projects, now, origin);
  const rpc = connectNodeAdapter({
    routes(router) {
      router.service(TaskService, taskService(registrations, projects, tasks));
      router.service(ProjectService, projectService(projects));
      router.service(
        AuthMetadataService,
        authMetadataService(authentication?.client, authentication?.tokenUrl, origin),
      );
      router.service(ClusterService, { selectCluster: () => ({ clusterEndpoint: origin() }) });
      router.service(DataProxyService, objectStore.service);
    },
    interceptors: [databaseAway(gate.faults.databaseIsAway)],
    fallback: (request, response) => answerUnserved(rpcName(request.url ?? ""), response),
  });
  const header = authentication?.client.authorizationHeader ?? "authorization";
  return gated(
    gate,
    (request) => {
      if (request.method === "PUT") return { method: "PUT upload" };
      const identity = authentication?.tokens.identify(request.headers[header]?.toString());
      return { method: rpcName(request.url ?? ""), ...(identity !== undefined && { identity }) };
    },
    (call, request, response) => {
      if (call.method === "PUT upload") return objectStore.put(request, response);
      const needsToken = authentication !== undefined && !call.method.startsWith("AuthMetadataService/");
      if (needsToken && call.identity === undefined) return answerUnauthenticated(response);
      rpc(request, response);
    },
  );
}
