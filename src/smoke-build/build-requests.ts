import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import type { SelectClusterRequest_Operation } from "#flyteidl2/cluster/payload_pb.js";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { answerOf } from "../control-plane/rpc-answer.ts";
import type { Session } from "../control-plane/session.ts";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import { type Endpoint, parseEndpoint } from "../network/endpoint.ts";
import { isLocalHost } from "../network/local-host.ts";
import { actionIdOf, type BuildContext, projectIdOf } from "./build-context.ts";
import { type BuildStep, buildRequestFailure } from "./failures/build-request-failures.ts";

/** What a data plane is asked for. The npm package has no name for the last one, which flyteidl2 2.0.51 calls GET_IMAGE. */
const operations = {
  "create-upload-location": 1,
  "upload-inputs": 2,
  "get-action-data": 3,
  "tail-logs": 6,
  "get-image": 10,
} as const;

type Operation = keyof typeof operations;
type Work<T> = (transport: Transport, options: CallOptions) => Promise<T>;

/** What is told of a service or a method that a server does not have. */
export const absent = Symbol("absent");

/** Requests of a build: to the control plane, and to the data plane that it names. */
export interface BuildRequests {
  /**
   * Makes a request to the control plane, with retries.
   * @param step what its failures say about builds; absent if they say nothing
   * @throws {RegistrarError} build-…, and those of a session
   */
  ask<T>(step: BuildStep | undefined, work: Work<T>): Promise<T>;
  /**
   * Makes a request to the data plane that the control plane names for this operation.
   * @throws {RegistrarError} build-data-plane-unreachable, and those of `ask`
   */
  askDataPlane<T>(operation: Operation, step: BuildStep | undefined, work: Work<T>): Promise<T | typeof absent>;
  /**
   * The session to the data plane for this operation: the control plane's own if it names none, or does not know the service,
   * as before 2026-04.
   */
  route(operation: Operation): Promise<Session>;
}

/** Errors of a connection, as a session names those of the control plane. */
const connectionCodes =
  /^(control-plane-(name-unknown|refused|timeout|reset|not-spoken|redirects|grpc-only|unavailable)|tls-|proxy-|gateway-)/;

/** Milliseconds between two attempts if the cluster is not healthy, and up to as much again by chance. */
const pauseMilliseconds = 2_500;

/** Creates the requests of one build. @param session ends with the build */
export function createBuildRequests(context: BuildContext, session: Session, signal: AbortSignal): BuildRequests {
  const { clock, request } = context;
  const dataPlanes = new Map<string, Session>();
  let hasClusters = true;

  /** Waits for a cluster that is starting or reconnecting: Union's own CI rides out minutes of that. */
  const send = async <T>(to: Session, step: BuildStep | undefined, work: Work<T>): Promise<T> => {
    for (;;) {
      try {
        return await to.call(request, (transport, options) => explained(work(transport, options), step, context));
      } catch (error) {
        const pause = pauseMilliseconds * (1 + clock.random());
        const isUnhealthy = error instanceof RegistrarError && error.code === "build-cluster-unhealthy";
        if (!isUnhealthy || clock.now() + pause >= context.until) throw error;
        context.showProgress(`waiting for the cluster: ${error.finding.why}`);
        await clock.sleep(pause, signal);
      }
    }
  };

  const select = async (operation: Operation): Promise<string> => {
    if (!hasClusters) return "";
    const isAboutRun = operation === "get-action-data" || operation === "tail-logs";
    const message = {
      operation: operations[operation] as SelectClusterRequest_Operation,
      resource: isAboutRun
        ? { case: "actionId" as const, value: actionIdOf(context) }
        : { case: "projectId" as const, value: projectIdOf(context) },
    };
    const answer = await send(session, "select-cluster", (transport, options) =>
      unlessAbsent(createClient(ClusterService, transport).selectCluster(message, options)),
    );
    if (answer !== absent) return answer.clusterEndpoint;
    hasClusters = false;
    context.notes.add("the control plane does not select clusters, so it was asked for everything itself");
    return "";
  };

  const route: BuildRequests["route"] = async (operation) => {
    const url = await select(operation);
    const endpoint = dataPlaneOf(url, context.endpoint);
    if (!endpoint) return session;
    const known = dataPlanes.get(endpoint.url) ?? session.sibling({ endpoint });
    dataPlanes.set(endpoint.url, known);
    return known;
  };

  return {
    route,
    ask: (step, work) => send(session, step, work),
    async askDataPlane(operation, step, work) {
      const to = await route(operation);
      try {
        return await send(to, step, (transport, options) => unlessAbsent(work(transport, options)));
      } catch (error) {
        if (!(error instanceof RegistrarError) || !connectionCodes.test(error.code)) throw error;
        const endpoint = [...dataPlanes].find(([, known]) => known === to)?.[0];
        if (endpoint === undefined) throw error;
        throw problem("build-data-plane-unreachable", { endpoint }, `${error.code}: ${error.finding.why}`);
      }
    },
  };
}

/**
 * The data plane that a control plane names; nothing if that is the control plane itself, or no address. It gets the token, as from the
 * SDK, but not over an open line: in plain HTTP only in this cluster, or if the control plane is reached so too.
 * @throws {RegistrarError} build-data-plane-unreachable
 */
export function dataPlaneOf(named: string, controlPlane: Endpoint): Endpoint | undefined {
  const endpoint = named === "" ? undefined : parseEndpoint(named, named.startsWith("http:"));
  if (!endpoint || typeof endpoint === "string" || endpoint.url === controlPlane.url) return undefined;
  if (!endpoint.insecure || controlPlane.insecure || isLocalHost(new URL(endpoint.url).hostname)) return endpoint;
  throw problem(
    "build-data-plane-unreachable",
    { endpoint: endpoint.url },
    "it is not https, so no token is sent to it",
  );
}

/** Gives an answer that says something about builds its code; the session names the others. */
export async function explained<T>(
  answer: Promise<T>,
  step: BuildStep | undefined,
  { subject }: BuildContext,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw (step && buildRequestFailure(error, step, subject)) ?? error;
  }
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | typeof absent> {
  try {
    return await answer;
  } catch (error) {
    if (answerOf(error) === "unimplemented") return absent;
    throw error;
  }
}
