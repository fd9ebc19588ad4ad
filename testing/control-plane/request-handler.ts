import { setTimeout as delay } from "node:timers/promises";
import type { Faults } from "./faults.ts";
import { cutConnection, type NodeHandlerFn, type NodeRequest, type NodeResponse } from "./node-http.ts";

/** What a request was sent to. */
export type Endpoint = "control-plane" | "data-plane" | "bucket";

/** One request that arrived. Never holds a secret or a token. */
export interface RecordedCall {
  /** An RPC ("TaskService/DeployTask"), "token", or "PUT upload". */
  readonly method: string;
  /** Of all but a token request. Without a data plane of its own, the control plane is the endpoint of every RPC. */
  readonly endpoint?: Endpoint;
  /** The client whose valid token came with an RPC, or that a token request names. */
  readonly identity?: string;
  readonly httpVersion: string;
}

/** Takes note of a request as it arrives, and later of the answer's status: undefined when there was none. */
type Recorder = (call: RecordedCall) => (status: number | undefined) => void;

/** What stands before every service. */
export interface Gate {
  readonly record: Recorder;
  readonly faults: Faults;
  readonly latencyMs: number;
}

/** A handler that records each request, then lets the fault in force answer it, or waits and serves it. */
export function gated(
  { record, faults, latencyMs }: Gate,
  describe: (request: NodeRequest) => Omit<RecordedCall, "httpVersion">,
  serve: (call: RecordedCall, request: NodeRequest, response: NodeResponse) => Promise<void> | void,
): NodeHandlerFn {
  const handle = async (request: NodeRequest, response: NodeResponse): Promise<void> => {
    const call = { ...describe(request), httpVersion: request.httpVersion };
    const answered = record(call);
    response.once("close", () => answered(response.headersSent ? response.statusCode : undefined));
    if (faults.strike(call.method, request, response)) return;
    if (latencyMs > 0) await delay(latencyMs, undefined, { ref: false });
    await serve(call, request, response);
  };
  // A client that goes away while its body is read makes the handler fail; that must not take the test process along.
  return (request, response) => void handle(request, response).catch(() => cutConnection(request));
}
