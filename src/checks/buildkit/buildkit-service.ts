import net from "node:net";
import type { OpenCluster } from "../../cluster/cluster.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";

/** A Kubernetes Service. */
export interface Service {
  name: string;
  namespace: string;
}

/**
 * The Service of a host name: a bare name, or `<name>.<namespace>.svc…`.
 * @param namespace of a bare name
 */
export function parseService(host: string, namespace: string): Service | undefined {
  const [, name, where = namespace] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\..+)?)?$/.exec(host) ?? [];
  return name === undefined || net.isIP(host) !== 0 ? undefined : { name, namespace: where };
}

/**
 * The error of a refused connection. EndpointSlices show whether the Service has no pods, or none that are ready.
 */
export async function describeRefusal(
  address: string,
  why: string,
  service: Service | undefined,
  openCluster: (namespace: string) => ReturnType<OpenCluster>,
): Promise<RegistrarError> {
  if (!service) return problem("buildkit-refused", { address }, why);
  try {
    const cluster = await openCluster(service.namespace);
    const behind = await cluster.podsBehind(service.name);
    if (!behind) return problem("buildkit-refused", { address }, why);
    const { ready, notReady } = behind;
    if (ready + notReady === 0) {
      const { namespace } = cluster;
      return problem("buildkit-scaled-to-zero", { address, service: service.name, namespace }, why);
    }
    return problem("buildkit-refused", { address }, `${why}; ${ready} of its pods are ready, ${notReady} are not`);
  } catch (error) {
    return problem(
      "buildkit-refused",
      { address },
      `${why}; its EndpointSlices could not be read: ${describeCause(error)}`,
    );
  }
}
