import net from "node:net";
import type { OpenCluster } from "../../cluster/cluster.ts";
import { describeCause, problem, type RegistrarError } from "../../findings/registrar-error.ts";
import { type Address, addressOf } from "../../network/address.ts";
import { connectTcp } from "../../network/connect-tcp.ts";
import { findNetworkFault } from "../../network/faults.ts";
import { resolve } from "../../network/resolve.ts";
import type { Clock } from "../../system/clock.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { Check, Outcome, Suite } from "../engine/suite.ts";

/** Where the checks run. */
export interface Surroundings {
  openCluster: OpenCluster;
  /** Whether this is a pod, where the names of Services resolve. */
  isPod: boolean;
  clock: Clock;
}

/** Adds the checks of buildkit: its address can be parsed and resolved, and accepts connections. */
export function buildkitChecks(
  suite: Suite,
  config: Check<BuildConfig>,
  namespace: string,
  suffix: string,
  { openCluster, isPod, clock }: Surroundings,
): void {
  const category = "buildkit";
  const addressCheck = suite.check({
    category,
    name: `address${suffix}`,
    title: "builds know where it is",
    severity: "error",
    needs: [config],
    deadline: deadlines.checkOffline.milliseconds,
    run: ([{ buildkit }]): Outcome<Address> => {
      const url = URL.parse(buildkit);
      if (url?.protocol !== "tcp:" || url.hostname === "" || url.port === "") {
        throw problem("buildkit-address-malformed", { address: buildkit });
      }
      return { value: addressOf(url), detail: buildkit };
    },
  });
  suite.check({
    category,
    name: `connection${suffix}`,
    title: "it accepts connections",
    severity: "error",
    needs: [addressCheck],
    deadline: deadlines.checkBuildkit.milliseconds,
    run: async ([address], outer): Promise<Outcome<undefined>> => {
      const { hostname: host, authority } = address;
      const service = parseService(host, namespace);
      if (net.isIP(host) === 0) {
        try {
          await resolve(host, AbortSignal.any([outer, clock.timeout(deadlines.buildkitLookup.milliseconds)]));
        } catch (error) {
          if (service && !isPod) {
            return { notNeeded: `${host} is a name that only pods know: run this check in the cluster` };
          }
          throw problem("buildkit-name-unknown", { host }, error);
        }
      }
      const signal = AbortSignal.any([outer, clock.timeout(deadlines.buildkitConnect.milliseconds)]);
      try {
        (await connectTcp(address, signal)).destroy();
      } catch (error) {
        const fault = findNetworkFault(error);
        if (fault?.kind !== "refused")
          throw problem("buildkit-timeout", { address: authority }, fault?.detail ?? error);
        throw await describeRefusal(authority, fault.detail, service, (where) => openCluster(where, outer));
      }
      return { value: undefined, detail: authority };
    },
  });
}

interface Service {
  name: string;
  namespace: string;
}

/** The Service of a host name: a bare name, or `<name>.<namespace>.svc…`. */
function parseService(host: string, namespace: string): Service | undefined {
  const [, name, where = namespace] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\..+)?)?$/.exec(host) ?? [];
  return name === undefined || net.isIP(host) !== 0 ? undefined : { name, namespace: where };
}

/** The error for a refused connection. EndpointSlices show whether the Service has no pods or none that are ready. */
async function describeRefusal(
  address: string,
  why: string,
  service: Service | undefined,
  open: (namespace: string) => ReturnType<OpenCluster>,
): Promise<RegistrarError> {
  if (!service) return problem("buildkit-refused", { address }, why);
  try {
    const cluster = await open(service.namespace);
    const behind = await cluster.podsBehind(service.name);
    if (!behind) return problem("buildkit-refused", { address }, why);
    const { ready, notReady } = behind;
    if (ready + notReady === 0)
      return problem("buildkit-scaled-to-zero", { address, service: service.name, namespace: cluster.namespace }, why);
    return problem("buildkit-refused", { address }, `${why}; of its pods ${ready} are ready and ${notReady} are not`);
  } catch (error) {
    return problem(
      "buildkit-refused",
      { address },
      `${why}; its EndpointSlices could not be read: ${describeCause(error)}`,
    );
  }
}
