import { recordedRuns } from "../../cluster/status-config-map.ts";
import { scopeName } from "../../definition/task-scope.ts";
import { describeCause } from "../../findings/registrar-error.ts";
import { judge } from "../../registration/judge.ts";
import { lookUp } from "../../registration/look-up.ts";
import type { RecordedRun } from "../../report/report.ts";
import { deadlines } from "../../system/deadlines.ts";
import { type ReportedInvocation, reported } from "../shell/reported.ts";
import type { World } from "../shell/world.ts";

/** How many versions are shown: enough to see who wrote last, and no more with ten thousand. */
const shown = 10;

/** Lines that go on under a step's detail. */
const indent = " ".repeat(11);

/** `registrar status`: what the control plane says and what the last runs ended with, for a person or for support. */
export function statusCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("status", invocation, world, async (run) => {
    const { settings, definition, scope, registrations, recorder, signal } = run;
    const where = scopeName(scope);
    const current = await lookUp(registrations, definition, recorder, "look up");
    const versions = await recorder.step(
      "versions",
      () => registrations.newest(shown),
      (rows) => (rows.length === 0 ? "none" : `newest first: ${rows.map(({ version }) => version).join(", ")}`),
    );
    if (definition) {
      const finding = judge(current, { appVersion: definition.ownership.appVersion, scope: where });
      if (finding) recorder.warn({ ...finding, severity: "warning" });
    }
    const { cluster, release } = settings;
    const runs = await recorder.step(
      "runs",
      async () => {
        try {
          const soon = AbortSignal.any([signal, AbortSignal.timeout(deadlines.cluster.milliseconds)]);
          const here = await world.openCluster(release.namespace, soon);
          return recordedRuns(await here.readConfigMap(cluster.statusConfigMap));
        } catch (error) {
          signal.throwIfAborted();
          return describeCause(error);
        }
      },
      (found) =>
        typeof found === "string"
          ? { status: cluster.enabled ? "warning" : "ok", detail: `not known here: ${found}` }
          : found.map(runLine).join(`\n${indent}`) || `none yet in ConfigMap ${cluster.statusConfigMap}`,
    );
    return {
      state: "known",
      summary: current ? `${current.version} is current in ${where}` : `nothing is registered in ${where}`,
      current,
      ...(typeof runs !== "string" && { runs }),
      versions: versions.map(({ version, registeredAt }) => ({
        version,
        ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
      })),
    };
  });
}

function runLine({ time, trigger, state, summary, codes }: RecordedRun): string {
  return `${time} ${trigger}: ${state}: ${summary}${codes.length > 0 ? ` [${codes.join(", ")}]` : ""}`;
}
