import net from "node:net";
import { problem } from "../../findings/registrar-error.ts";
import { type Address, addressOf } from "../../network/address.ts";
import { connectTcp } from "../../network/connect-tcp.ts";
import { findNetworkFault } from "../../network/faults.ts";
import { resolve } from "../../network/resolve.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { NamespaceChecks } from "../data-plane/data-plane-checks.ts";
import type { Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { describeRefusal, parseService } from "./buildkit-service.ts";

/** The address of buildkit parses, resolves and accepts connections. */
export function buildkitChecks(
  suite: Suite,
  { world: { openCluster, clock }, isPod }: CheckContext,
  { namespace, scope, config }: NamespaceChecks,
): void {
  const address = suite.check(
    "buildkit/address",
    "builds have its address",
    { needs: [config], deadline: deadlines.checkOffline, scope },
    ([found]): Outcome<Address> => ({ value: buildkitAddress(found), detail: found.buildkit }),
  );
  suite.check(
    "buildkit/connection",
    "it accepts connections",
    { needs: [address], deadline: deadlines.checkBuildkit, scope },
    async ([found], outer): Promise<Outcome<undefined>> => {
      const { hostname: host, authority } = found;
      const service = parseService(host, namespace);
      if (net.isIP(host) === 0) {
        try {
          await resolve(host, AbortSignal.any([outer, clock.timeout(deadlines.buildkitLookup.milliseconds)]));
        } catch (error) {
          if (service && !isPod) {
            return { notNeeded: `only pods resolve ${host}: run this check in the cluster` };
          }
          throw problem("buildkit-name-unknown", { host }, error);
        }
      }
      const signal = AbortSignal.any([outer, clock.timeout(deadlines.buildkitConnect.milliseconds)]);
      try {
        (await connectTcp(found, signal)).destroy();
      } catch (error) {
        const fault = findNetworkFault(error);
        if (fault?.kind !== "refused") {
          throw problem("buildkit-timeout", { address: authority }, fault?.detail ?? error);
        }
        throw await describeRefusal(authority, fault.detail, service, (where) => openCluster(where, outer));
      }
      return { value: undefined, detail: authority };
    },
  );
}

function buildkitAddress({ buildkit }: BuildConfig): Address {
  const url = URL.parse(buildkit);
  if (url?.protocol !== "tcp:" || url.hostname === "" || url.port === "") {
    throw problem("buildkit-address-malformed", { address: buildkit });
  }
  return addressOf(url);
}
