import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import { findNetworkFault } from "../network/faults.ts";
import { speaksPlainHttp2, speaksTls } from "../network/port-protocol.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Clock } from "../system/clock.ts";
import { findForeignAnswer } from "./foreign-answer.ts";

/**
 * The error for a port that does not speak plain HTTP although the settings say so: what it speaks is found by a handshake,
 * because such ports answer HTTP/1.1 in many ways, or not at all.
 * @returns nothing if the error has another cause
 */
export async function plainPortFailure(
  error: unknown,
  { endpoint, ...route }: ControlPlaneTarget,
  timing: { clock: Clock; signal: AbortSignal },
): Promise<RegistrarError | undefined> {
  if (!endpoint.insecure) return undefined;
  const fault = findNetworkFault(error);
  const foreign = findForeignAnswer(error);
  const isOdd = fault?.kind === "reset" || fault?.kind === "not-http" || foreign?.answer.status === 400;
  if (!isOdd) return undefined;
  const why = fault?.detail ?? foreign?.message ?? "";
  if (await speaksTls(endpoint, route, timing)) return problem("tls-expected", { endpoint: endpoint.url }, why);
  if (!(await speaksPlainHttp2(endpoint, route, timing))) return undefined;
  return problem(
    "control-plane-grpc-only",
    { endpoint: endpoint.url },
    `it speaks HTTP/2 without TLS, and answers HTTP/1.1 so: ${why}`,
  );
}
