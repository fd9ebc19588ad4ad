import { once } from "node:events";
import net from "node:net";
import { problem } from "../../findings/registrar-error.ts";
import { resolve } from "../../network/resolve.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { NamespaceChecks } from "../data-plane/data-plane-checks.ts";
import type { Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { refusalOf, serviceOf } from "./buildkit-service.ts";

interface Address {
  host: string;
  port: number;
}

/** The address of buildkit parses, resolves and accepts connections. */
export function buildkitChecks(
  suite: Suite,
  { world: { openCluster }, isPod }: CheckContext,
  { namespace, scope, config }: NamespaceChecks,
): void {
  const address = suite.check(
    "buildkit/address",
    "builds have its address",
    { needs: [config], deadline: deadlines.checkOffline, scope },
    ([found]): Outcome<Address> => ({ value: addressOf(found), detail: found.buildkit }),
  );
  suite.check(
    "buildkit/connection",
    "it accepts connections",
    { needs: [address], deadline: deadlines.checkBuildkit, scope },
    async ([{ host, port }], outer): Promise<Outcome<undefined>> => {
      const service = serviceOf(host, namespace);
      if (net.isIP(host) === 0) {
        try {
          await resolve(host, AbortSignal.any([outer, AbortSignal.timeout(deadlines.buildkitLookup.milliseconds)]));
        } catch (error) {
          if (service && !isPod) {
            return { notNeeded: `only pods resolve ${host}: run this check in the cluster` };
          }
          throw problem("buildkit-name-unknown", { host }, error);
        }
      }
      const signal = AbortSignal.any([outer, AbortSignal.timeout(deadlines.buildkitConnect.milliseconds)]);
      const socket = net.connect({ host, port });
      try {
        await once(socket, "connect", { signal });
      } catch (error) {
        const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
        const at = `${host}:${port}`;
        if (!refused) throw problem("buildkit-timeout", { address: at }, error);
        throw await refusalOf(at, error, service, (where) => openCluster(where, outer));
      } finally {
        socket.destroy();
      }
      return { value: undefined, detail: `${host}:${port}` };
    },
  );
}

function addressOf({ buildkit }: BuildConfig): Address {
  const url = URL.parse(buildkit);
  if (url?.protocol !== "tcp:" || url.hostname === "" || url.port === "") {
    throw problem("buildkit-address-malformed", { address: buildkit });
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) };
}
