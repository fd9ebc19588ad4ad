import type { X509Certificate } from "node:crypto";
import net from "node:net";
import { TLSSocket } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { findForeignAnswer } from "../../control-plane/foreign-answer.ts";
import { asksForOwnLogin } from "../../control-plane/gateway-evidence.ts";
import { networkFailure } from "../../control-plane/request-failures.ts";
import { problem, RegistrarError } from "../../findings/registrar-error.ts";
import { connect, dial } from "../../network/dial.ts";
import { distinguishedName } from "../../network/distinguished-name.ts";
import { describeAnswer } from "../../network/http-answer.ts";
import { speaksTls } from "../../network/port-protocol.ts";
import { resolve } from "../../network/resolve.ts";
import { proxyFor } from "../../network/route.ts";
import type { ControlPlaneTarget } from "../../settings/load.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Outcome, Passed } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";

/** Days before its expiry from which on a certificate deserves attention. */
const expiryWarningDays = 14;
const dayMilliseconds = 86_400_000;

/** Those that a session offers: a server may refuse the handshake if it supports none of them. */
const protocols = ["h2", "http/1.1"] as const;

/**
 * The name resolves, TCP and TLS work, and a Flyte 2 control plane answers.
 * @returns the last check, which finds whether the control plane requires authentication
 */
export function controlPlaneChecks(
  suite: Suite,
  { openSession, world: { clock } }: CheckContext,
  target: Check<ControlPlaneTarget>,
): Check<boolean> {
  const deadline = deadlines.checkRequest;
  const name = suite.check(
    "control-plane/name",
    "the name resolves",
    { needs: [target], deadline: deadlines.checkDns },
    async ([{ endpoint, ...route }], signal) => {
      const { hostname } = endpoint;
      if (net.isIP(hostname)) return { value: undefined, detail: `${hostname} is an address` };
      const proxy = proxyFor(endpoint, route);
      if (proxy) return { value: undefined, detail: `resolved by the proxy ${proxy.url.origin}` };
      const addresses = await resolve(hostname, signal).catch((error: unknown) => {
        throw networkFailure(error, endpoint.url) ?? error;
      });
      return { value: undefined, detail: `${hostname} is ${addresses.join(", ")}` };
    },
  );
  const connection = suite.check(
    "control-plane/connection",
    "the port accepts connections",
    { needs: [target, name], deadline },
    async ([{ endpoint, ...route }], signal) => {
      const socket = await reportNetworkFailure(endpoint.url, signal, () => connect(endpoint, route, signal));
      socket.destroy();
      const proxy = proxyFor(endpoint, route);
      return { value: undefined, detail: `port ${endpoint.port}${proxy ? ` through ${proxy.url.origin}` : ""}` };
    },
  );
  const secured = suite.check(
    "control-plane/tls",
    "the certificate is trusted",
    { needs: [target, connection], deadline },
    async ([{ endpoint, ...route }], signal): Promise<Passed<X509Certificate | undefined>> => {
      if (endpoint.insecure) {
        if (await speaksTls(endpoint, route, { clock, signal })) {
          throw problem("tls-expected", { endpoint: endpoint.url });
        }
        return { value: undefined, detail: "plain HTTP (controlPlane.insecure)" };
      }
      const { socket } = await reportNetworkFailure(endpoint.url, signal, () =>
        dial(endpoint, route, protocols, { clock, signal }),
      );
      const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
      socket.destroy();
      const issuer = certificate ? distinguishedName(certificate.issuer) : "an unknown issuer";
      return { value: certificate, detail: `issued by ${issuer}${route.skipVerify ? ", not verified" : ""}` };
    },
  );
  suite.check(
    "control-plane/expiry",
    "the certificate stays valid",
    { needs: [target, secured], deadline: deadlines.checkOffline, severity: "warning" },
    ([{ endpoint }, certificate]): Outcome<undefined> => {
      if (!certificate) return { value: undefined, detail: "plain HTTP has none" };
      const days = Math.floor((Date.parse(certificate.validTo) - clock.date().getTime()) / dayMilliseconds);
      if (days < expiryWarningDays) throw problem("tls-expires-soon", { endpoint: endpoint.url, days });
      return { value: undefined, detail: `for ${days} more days` };
    },
  );
  return suite.check(
    "control-plane/answers",
    "a Flyte 2 control plane answers",
    { needs: [target, secured], deadline },
    async ([anyone]): Promise<Passed<boolean>> => {
      // Without credentials: whether those of the settings are good is for the checks of the identity.
      const session = openSession({ ...anyone, credentials: { type: "none" } });
      try {
        await session.call("list tasks", async (transport, options) => {
          await createClient(TaskService, transport).listTasks({ request: { limit: 1 } }, options);
        });
        return { value: false, detail: "it requires no authentication" };
      } catch (error) {
        const refused =
          error instanceof RegistrarError && ["credentials-missing", "permission-denied"].includes(error.code);
        if (refused) return { value: true, detail: "it requires authentication" };
        const answer = findForeignAnswer(error)?.answer;
        const mayTakeToken = anyone.credentials.type !== "none" && answer?.status === 401 && !asksForOwnLogin(answer);
        if (!mayTakeToken) throw error;
        return { value: true, detail: `what is in front of it requires authentication (${describeAnswer(answer)})` };
      }
    },
  );
}

/** Throws the error code of what went wrong on the network. */
async function reportNetworkFailure<T>(endpoint: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw networkFailure(signal.aborted ? signal.reason : error, endpoint) ?? error;
  }
}
