import { type GatewayAnswer, gatewayAnswers } from "./gateway-answers.ts";
import {
  answer,
  answerConnectError,
  answerUnauthenticated,
  cutConnection,
  type NodeRequest,
  type NodeResponse,
} from "./node-http.ts";

interface CountedFault {
  readonly kind:
    | "hang"
    | "reset"
    | "bad-gateway"
    | "unavailable"
    | "too-many-requests"
    | "unauthenticated"
    | "permission-denied"
    | "invalid-argument"
    | "login-page"
    | "gateway"
    | "database-away"
    | "token-unavailable"
    | "invalid-scope"
    | "unknown-tenant";
  /** How many requests are hit; all of them unless told otherwise. */
  readonly times?: number;
  /** Names as in `calls`. Unless told otherwise the faults of `tokenFaults` hit "token", others all but it. */
  readonly methods?: readonly string[];
  /** Of `gateway`: what answers in place of the server; a WAF unless told otherwise. */
  readonly gateway?: GatewayAnswer;
  /** Of `too-many-requests`; 1 unless told otherwise. */
  readonly retryAfterSeconds?: number;
}

/** Something that goes wrong. `refused` closes the listener until the fault is cleared, so nothing of it can be counted. */
export type Fault =
  | CountedFault
  | {
      readonly kind: "refused";
      /** The control plane unless told otherwise; the bucket is at the data plane's. */
      readonly endpoint?: "control-plane" | "data-plane";
    };

type Answer = (request: NodeRequest, response: NodeResponse, fault: CountedFault) => void;

/** The faults that need not know what is asked for. */
const answers: Record<Exclude<CountedFault["kind"], "database-away">, Answer> = {
  /** Accepts and never answers. */
  hang: () => {},
  /** The connection breaks in the middle of the body. */
  reset(request, response) {
    response.writeHead(200, { "content-type": "application/proto", "content-length": "1000" });
    response.write("half an ans", () => cutConnection(request));
  },
  /** What a reverse proxy answers for a server that it cannot reach. */
  "bad-gateway": (_, response) =>
    answer(response, {
      status: 502,
      contentType: "text/html",
      body: "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
    }),
  unavailable: (_, response) => answerConnectError(response, 503, "unavailable", "no healthy upstream"),
  "too-many-requests": (_, response, { retryAfterSeconds = 1 }) =>
    answer(response, {
      status: 429,
      contentType: "text/plain",
      body: "too many requests",
      headers: { "retry-after": String(retryAfterSeconds) },
    }),
  unauthenticated: (_, response) => answerUnauthenticated(response),
  "permission-denied": (_, response) =>
    answerConnectError(response, 403, "permission_denied", "not allowed to register tasks in system"),
  "invalid-argument": (_, response) =>
    answerConnectError(response, 400, "invalid_argument", "project must not hold capital letters"),
  /** A login page, as an identity-aware proxy or a wrong endpoint answers. */
  "login-page": (_, response) =>
    answer(response, { status: 200, contentType: "text/html", body: "<html><title>Sign in</title></html>" }),
  /** What a named product in front of the server answers. */
  gateway: (_, response, { gateway = "cloudflare-blocked" }) => answer(response, gatewayAnswers[gateway]),
  /** The identity provider is down. */
  "token-unavailable": (_, response) =>
    answer(response, { status: 503, contentType: "text/plain", body: "no healthy upstream" }),
  /** The client was not granted what the control plane asks for. */
  "invalid-scope": (_, response) =>
    answer(response, { status: 400, contentType: "application/json", body: '{"error":"invalid_scope"}' }),
  /** Keycloak's answer at the URL of a realm that it does not have (a test of Nerzal/gocloak). */
  "unknown-tenant": (_, response) =>
    answer(response, { status: 404, contentType: "application/json", body: '{"error":"Realm does not exist"}' }),
};

/** Faults of the identity provider. */
const tokenFaults: readonly Fault["kind"][] = ["token-unavailable", "invalid-scope", "unknown-tenant"];

/** Every kind of fault, for a command line. */
export const faultKinds: readonly Fault["kind"][] = [
  "refused",
  "database-away",
  ...(Object.keys(answers) as (keyof typeof answers)[]),
];

/** The fault in force. */
export interface Faults {
  set(fault: Fault | undefined): void;
  /** Answers a request in place of the server, if the fault in force hits it. */
  strike(method: string, request: NodeRequest, response: NodeResponse): boolean;
  /** Whether an RPC, which then counts, finds the database away. */
  databaseIsAway(method: string): boolean;
}

function hits({ kind, methods }: CountedFault, method: string): boolean {
  if (methods !== undefined) return methods.includes(method);
  return (method === "token") === tokenFaults.includes(kind);
}

/** No fault yet. */
export function createFaults(): Faults {
  let current: Fault | undefined;
  let left = 0;
  const spend = (fault: CountedFault, method: string): boolean => {
    if (left === 0 || !hits(fault, method)) return false;
    left -= 1;
    return true;
  };
  return {
    set(fault) {
      current = fault;
      left = (fault !== undefined && "times" in fault ? fault.times : undefined) ?? Number.POSITIVE_INFINITY;
    },
    strike(method, request, response) {
      if (current === undefined || current.kind === "refused" || current.kind === "database-away") return false;
      if (!spend(current, method)) return false;
      answers[current.kind](request, response, current);
      return true;
    },
    databaseIsAway: (method) => current?.kind === "database-away" && spend(current, method),
  };
}
