import type { Remembered } from "../registration/decision.ts";
import type { Settings } from "../settings/schema.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import type { OpenCluster } from "./cluster.ts";
import { announcement, rememberedIn } from "./status-config-map.ts";

/**
 * What earlier runs of this installation have left in its status ConfigMap. Never an error: if it cannot be read, the
 * plan is told why nothing is known.
 */
export async function remember(
  { cluster, release }: Settings,
  { openCluster, clock }: { openCluster: OpenCluster; clock: Clock },
  outer: AbortSignal,
): Promise<Remembered> {
  const { enabled, statusConfigMap } = cluster;
  if (!enabled) return { unknown: "this installation keeps no status (cluster.enabled is false)" };
  try {
    const signal = AbortSignal.any([outer, clock.timeout(deadlines.cluster.milliseconds)]);
    return rememberedIn(await (await openCluster(release.namespace, signal)).readConfigMap(statusConfigMap));
  } catch (error) {
    outer.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { unknown: `the status of this installation, ConfigMap ${statusConfigMap}, cannot be read: ${reason}` };
  }
}

/**
 * Notes in the status which version this installation is about to register. Never an error: a status that cannot be written
 * is reported when the run is, and the registration does not wait for it.
 */
export async function announce(
  version: string,
  owner: string,
  { cluster: { enabled, statusConfigMap }, release }: Settings,
  { openCluster, clock }: { openCluster: OpenCluster; clock: Clock },
  outer: AbortSignal,
): Promise<void> {
  if (!enabled) return;
  try {
    const signal = AbortSignal.any([outer, clock.timeout(deadlines.cluster.milliseconds)]);
    const cluster = await openCluster(release.namespace, signal);
    const data = await cluster.readConfigMap(statusConfigMap);
    await cluster.patchConfigMap(statusConfigMap, announcement(data, { version, owner }));
  } catch {
    outer.throwIfAborted();
  }
}
