import { connectToBuildkit } from "../../src/buildkit/buildkit-connection.ts";
import { callUnary, type GrpcAnswer } from "../../src/buildkit/grpc.ts";
import { encodeSolve } from "../../src/buildkit/messages.ts";
import type { Address } from "../../src/network/address.ts";
import { systemClock } from "../../src/system/clock.ts";

/** Asks a buildkitd with a definition whose result is not its source: which the real one refuses, and so the stand-in has to. */
export async function askBrokenQuestion(address: Address): Promise<GrpcAnswer> {
  const { signal } = new AbortController();
  const connection = await connectToBuildkit(address, { clock: systemClock, signal });
  const source = { identifier: "docker-image://images.test/team/app:1", attributes: {}, platform: undefined };
  const request = Buffer.from(encodeSolve(source, { request: "broken", session: "" })).toString("latin1");
  const broken = Buffer.from(request.replace(/sha256:[0-9a-f]{64}/, `sha256:${"0".repeat(64)}`), "latin1");
  try {
    return await callUnary(connection, "/moby.buildkit.v1.Control/Solve", broken, signal);
  } finally {
    connection.destroy();
  }
}
