/** What a registry answers in place of what it has. */
export interface RegistryFault {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as the distribution specification has it, in the bytes of distribution v3. */
export function errorBody(code: string, message: string, detail?: unknown): string {
  return `${JSON.stringify({ errors: [{ code, message, ...(detail !== undefined && { detail }) }] })}\n`;
}

const json = { "content-type": "application/json" };

/** Answers of registries and of what stands in front of them, each with its source. */
export const registryFaults = {
  /** A private repository of ghcr.io without a right to it: https://github.com/orgs/community/discussions/27086 */
  denied: { status: 403, headers: json, body: errorBody("DENIED", "requested access to the resource is denied") },
  /** A registry that names no scheme; the code is that of the distribution specification. */
  unauthorized: { status: 401, headers: json, body: errorBody("UNAUTHORIZED", "access to the resource is denied") },
  /** https://docs.docker.com/docker-hub/usage/pulls/: "the Docker Hub API returns a 429 response code with the following body". */
  "rate-limited": {
    status: 429,
    headers: { ...json, "retry-after": "7" },
    body: errorBody(
      "TOOMANYREQUESTS",
      "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit",
    ),
  },
  /** A web filter's page, as for the control plane: testing/control-plane/gateway-answers.ts */
  "page-403": {
    status: 403,
    headers: { "content-type": "text/html; charset=utf-8", server: "Zscaler/6.2" },
    body: "<!DOCTYPE html><html><head><title>Internet Security by Zscaler</title></head><body>Not allowed</body></html>",
  },
  /** A captive login page that answers everything. */
  "page-200": {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<html><head><title>Sign in to continue</title></head></html>",
  },
  /** nginx without a backend. */
  "bad-gateway": {
    status: 502,
    headers: { "content-type": "text/html", server: "nginx" },
    body: "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>",
  },
  /** A Go server that is no registry: net/http's own NotFound. */
  "not-a-registry": {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: "404 page not found\n",
  },
  /** Distribution in maintenance and others: the code UNSUPPORTED of the specification. */
  unsupported: { status: 405, headers: json, body: errorBody("UNSUPPORTED", "The operation is unsupported.") },
} as const satisfies Record<string, RegistryFault>;

export type RegistryFaultName = keyof typeof registryFaults;
