import type http2 from "node:http2";
import { callUnary } from "../../../src/buildkit/grpc.ts";
import { fieldsOf } from "../../../src/buildkit/messages.ts";
import type { Address } from "../../../src/network/address.ts";
import { varintOf } from "../varint.ts";

/** What a buildkitd has of earlier questions. */
export interface Remains {
  /** Of all records of its disk. */
  bytes: number;
  /** Entries of the history of builds. */
  history: number;
  /** Threads of Go that serve sessions. */
  sessions: number;
}

/**
 * @param connection to the buildkitd
 * @param debug the address that its `--debugaddr` names
 */
export async function findRemains(connection: http2.ClientHttp2Session, debug: Address): Promise<Remains> {
  const call = async (method: string, request: Uint8Array) =>
    await callUnary(connection, `/moby.buildkit.v1.Control/${method}`, request, AbortSignal.timeout(5_000));
  const records = fieldsOf((await call("DiskUsage", new Uint8Array())).body, 1);
  // BuildHistoryRequest with EarlyExit: what there is, and no waiting for more.
  const history = await call("ListenBuildHistory", Uint8Array.of(0x18, 1));
  const threads = await (await fetch(`http://${debug.authority}/debug/pprof/goroutine?debug=2`)).text();
  return {
    bytes: records.map((record) => varintOf(record, 4)).reduce((sum, size) => sum + size, 0),
    history: history.body.length,
    sessions: threads.split("\n\n").filter((thread) => /grpchijack|session\.\(\*Manager\)/.test(thread)).length,
  };
}
