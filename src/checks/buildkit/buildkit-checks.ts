import net from "node:net";
import type { Buildkit } from "../../buildkit/ask-buildkit.ts";
import { asRegistrarError, problem } from "../../findings/registrar-error.ts";
import type { Address } from "../../network/address.ts";
import { connectTcp } from "../../network/connect-tcp.ts";
import { findNetworkFault } from "../../network/faults.ts";
import { resolve } from "../../network/resolve.ts";
import { formatPlatform } from "../../registry/manifests.ts";
import type { Platform } from "../../registry/registry-client.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { Placed, Places } from "../data-plane/each-namespace.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { parseBuildkitAddress } from "./buildkit-address.ts";
import { describeRefusal, parseService } from "./buildkit-service.ts";

/** A buildkitd that answers. */
export interface Builder {
  address: Address;
  buildkit: Buildkit;
  /** Those that it builds for, that of its machine first. */
  platforms: readonly Platform[];
}

/**
 * The address of buildkit parses, resolves and accepts connections, and buildkit can be asked about its network. It is that of the
 * first namespace; where another has another, the check of the values says so.
 * @returns buildkit, for the checks that ask it
 */
export function buildkitChecks(
  suite: Suite,
  { world: { openCluster, clock }, isPod, openBuildkit }: CheckContext,
  configs: Check<Places<BuildConfig>>,
): Check<Builder> {
  const address = suite.check(
    "buildkit/address",
    "builds have its address",
    { needs: [configs], deadline: deadlines.checkOffline },
    ([[first]]): Outcome<Placed<Address>> => {
      const { buildkit } = first.of;
      const parsed = parseBuildkitAddress(buildkit);
      if (parsed.kind === "none") return { notNeeded: "buildkit-uri is empty: the data plane has no buildkit (Depot)" };
      if (parsed.kind === "local") return { notHere: `only build pods reach ${buildkit}` };
      return { value: { namespace: first.namespace, of: parsed.address }, detail: buildkit };
    },
  );
  const connection = suite.check(
    "buildkit/connection",
    "it accepts connections",
    { needs: [address], deadline: deadlines.checkBuildkit },
    async ([{ namespace, of: found }], outer): Promise<Outcome<Address>> => {
      const { hostname: host, authority } = found;
      const service = parseService(host, namespace);
      if (net.isIP(host) === 0) {
        try {
          await resolve(host, AbortSignal.any([outer, clock.timeout(deadlines.buildkitLookup.milliseconds)]));
        } catch (error) {
          if (service && !isPod) {
            return { notHere: `only pods resolve ${host}: run this check in the cluster` };
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
      return { value: found, detail: authority };
    },
  );
  // Not in this category: builds may use a buildkit that this program cannot ask.
  return suite.check(
    "network/buildkit",
    "buildkit can be asked",
    { needs: [connection], deadline: deadlines.checkBuildkit },
    async ([address], signal): Promise<Outcome<Builder>> => {
      try {
        const buildkit = await openBuildkit(address, undefined, signal);
        const platforms = await buildkit.listPlatforms(signal);
        const detail = platforms.map(formatPlatform).join(", ");
        return { value: { address, buildkit, platforms }, detail: `it builds for ${detail}` };
      } catch (error) {
        const { finding } = asRegistrarError(error);
        if (finding.code !== "buildkit-tls") throw error;
        return { unknown: { ...finding, severity: "warning" } };
      }
    },
  );
}
