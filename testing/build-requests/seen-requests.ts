import type { JsonValue } from "@bufbuild/protobuf";
import type { ControlPlane } from "../control-plane/start.ts";
import type { BuildRequest } from "./compare-requests.ts";

/** Headers that belong to the client of HTTP, and not to the upload. */
const clientHeaders = ["host", "user-agent", "accept", "accept-encoding", "connection"];

/** What a stand-in was asked, in order; of what it does not record, the name alone. */
export function seenRequests({ calls, requests }: Pick<ControlPlane, "calls" | "requests">): BuildRequest[] {
  const recorded = Map.groupBy(requests, ({ method }) => method);
  return calls.map(({ method }) => ({ method, request: withoutClient(recorded.get(method)?.shift()?.request ?? {}) }));
}

function withoutClient(request: unknown): JsonValue {
  const text = JSON.stringify(request, (key, value) => (clientHeaders.includes(key) ? undefined : value));
  return JSON.parse(text) as JsonValue;
}
