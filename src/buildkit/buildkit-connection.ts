import http2 from "node:http2";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import type { Address } from "../network/address.ts";
import { connectTcp } from "../network/connect-tcp.ts";
import type { Endpoint } from "../network/endpoint.ts";
import { findNetworkFault } from "../network/faults.ts";
import { speaksTls } from "../network/port-protocol.ts";
import type { Route } from "../network/route.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";

interface Timing {
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Opens HTTP/2 without TLS to a buildkitd, as `tcp://` in `buildkit-uri` is used by builds.
 * @throws {RegistrarError} buildkit-name-unknown, buildkit-refused, buildkit-timeout, buildkit-tls, buildkit-foreign
 */
export async function connectToBuildkit(address: Address, timing: Timing): Promise<http2.ClientHttp2Session> {
  const signal = AbortSignal.any([timing.signal, timing.clock.timeout(deadlines.buildkitConnect.milliseconds)]);
  const socket = await connectTcp(address, signal).catch((error: unknown) => {
    throw describeFailure(address, error);
  });
  const session = http2.connect(`http://${address.authority}`, {
    createConnection: () => socket.setNoDelay(true),
    // A stream that a server pushes has no listener for its error, which would then end the program.
    settings: { enablePush: false },
  });
  try {
    await receiveSettings(session, signal);
    return session;
  } catch (error) {
    session.destroy();
    if (await speaksTls(endpointOf(address), direct, timing)) {
      throw problem("buildkit-tls", { address: address.authority }, error);
    }
    throw problem("buildkit-foreign", { address: address.authority }, findNetworkFault(error)?.detail ?? error);
  }
}

/** A server of HTTP/2 sends its SETTINGS first (RFC 9113, 3.4); Node calls a session connected before that. */
function receiveSettings(session: http2.ClientHttp2Session, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const closed = () => reject(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
  const abort = () => reject(signal.reason);
  // It stays: an error without a listener would end the program.
  session.on("error", reject);
  session.once("remoteSettings", () => resolve()).once("close", closed);
  signal.addEventListener("abort", abort);
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

function describeFailure({ hostname, authority }: Address, error: unknown): RegistrarError {
  const fault = findNetworkFault(error);
  const why = fault?.detail ?? error;
  if (fault?.kind === "name-unknown") return problem("buildkit-name-unknown", { host: hostname }, why);
  return problem(fault?.kind === "refused" ? "buildkit-refused" : "buildkit-timeout", { address: authority }, why);
}

/** buildkit's clients take no proxy, and the certificate does not matter to the question whether there is one. */
const direct: Route = { skipVerify: true, certificateAuthorities: undefined, proxy: undefined, noProxy: "" };

function endpointOf(address: Address): Endpoint {
  const { hostname, port, authority } = address;
  return { hostname, port, authority, url: `https://${authority}`, insecure: false };
}
