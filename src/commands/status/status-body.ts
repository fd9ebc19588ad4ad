import { recordedRuns } from "../../cluster/status-config-map.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { judge } from "../../registration/judge.ts";
import { lookUp } from "../../registration/look-up.ts";
import type { RecordedRun } from "../../report/run-report.ts";
import { scopeName } from "../../settings/task-scope.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CommandBody, Shell } from "../shell/command.ts";
import { type ControlPlaneRun, runOnControlPlane } from "../shell/control-plane-run.ts";

/** How many versions are listed: enough to see who wrote last. */
const listedVersions = 10;

/** Of the further lines of a step's detail. */
const indent = " ".repeat(11);

/** Reads what is registered, and what the last runs have left in the status ConfigMap. */
export const status: CommandBody<undefined> = (shell) =>
  runOnControlPlane("status", shell, async (run) => {
    const { settings, definition, scope, registrations, recorder } = run;
    const where = scopeName(scope);
    const { cluster } = settings;
    // Before the control plane is asked: if it does not answer, this tells what happened.
    const runs = await recorder.step(
      "runs",
      () => readRuns(run, shell),
      (found) =>
        typeof found === "string"
          ? { status: cluster.enabled ? "warning" : "ok", detail: `not available here: ${found}` }
          : found.map(runLine).join(`\n${indent}`) || `none yet in ConfigMap ${cluster.statusConfigMap}`,
    );
    if (typeof runs !== "string") recorder.learn({ runs });
    const current = await lookUp(registrations, definition, recorder, "look up");
    const versions = await recorder.step(
      "versions",
      () => registrations.newest(listedVersions),
      (rows) => (rows.length === 0 ? "none" : `newest first: ${rows.map(({ version }) => version).join(", ")}`),
    );
    if (definition) {
      const finding = judge(current, {
        appVersion: definition.ownership.appVersion,
        scope: where,
        role: settings.policy.role,
      });
      if (finding) recorder.warn({ ...finding, severity: "warning" });
    }
    return {
      state: "known",
      summary: current ? `${current.version} is current in ${where}` : `nothing is registered in ${where}`,
      versions: versions.map(({ version, registeredAt }) => ({
        version,
        ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
      })),
    };
  });

/** The last run of each trigger, or why it cannot be read. */
async function readRuns({ settings, signal }: ControlPlaneRun, { world }: Shell): Promise<RecordedRun[] | string> {
  const { cluster, release } = settings;
  try {
    const soon = AbortSignal.any([signal, world.clock.timeout(deadlines.cluster.milliseconds)]);
    const opened = await world.openCluster(release.namespace, soon);
    return recordedRuns(await opened.readConfigMap(cluster.statusConfigMap));
  } catch (error) {
    signal.throwIfAborted();
    return describeCause(error);
  }
}

/** A run in one line; a failed one with how to fix it below. */
function runLine({ time, trigger, state, summary, codes, failure }: RecordedRun): string {
  const line = `${time} ${trigger}: ${state}: ${summary}${codes.length > 0 ? ` [${codes.join(", ")}]` : ""}`;
  const lines = failure ? [line, `  fix   ${failure.fix}`, `  next  ${failure.next}`] : [line];
  return lines.join(`\n${indent}`);
}
