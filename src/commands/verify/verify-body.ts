import { requireDefinition } from "../../definition/render-definition.ts";
import { judge } from "../../registration/judge.ts";
import { lookUp } from "../../registration/look-up.ts";
import { observedText } from "../../registration/register.ts";
import type { Settings } from "../../settings/schema.ts";
import { scopeName } from "../../settings/task-scope.ts";
import type { CommandBody } from "../shell/command.ts";
import { type ControlPlaneRun, runOnControlPlane } from "../shell/control-plane-run.ts";
import type { VerifyFlags } from "./verify-flags.ts";

/** Looks up the current registration and judges it; with --build, proves it by a build. */
export const verify: CommandBody<VerifyFlags> = (shell, flags) => {
  const body = async (run: ControlPlaneRun) => {
    const { settings, definition, scope, registrations, recorder } = run;
    const wanted = requireDefinition(definition);
    const { appVersion } = wanted.ownership;
    const where = scopeName(scope);
    let details: Awaited<ReturnType<typeof registrations.current>>;
    const remembering = {
      current: async () => {
        details = await registrations.current();
        return details;
      },
    };
    // It is loaded while the control plane is asked.
    const [current, proof] = await Promise.all([
      lookUp(remembering, wanted, recorder, "look up"),
      flags.build ? import("./prove-by-build.ts") : undefined,
    ]);
    const error = judge(current, { appVersion, scope: where, role: settings.policy.role });
    if (error) {
      const summary = `${appVersion} is not current in ${where}${flags.build ? "; nothing was built" : ""}`;
      return { state: "not-current" as const, summary, error };
    }
    const isOurs = current?.isWanted === true;
    const summary = isOurs
      ? `${current.version} is current in ${where} with this definition`
      : `${observedText(current)} in ${where}`;
    if (!proof || !details?.spec) return { state: isOurs ? ("current" as const) : ("observed" as const), summary };
    return proof.proveByBuild({ ...run, definition: wanted }, details.spec, summary, flags, shell);
  };
  const { build, dryRun } = flags;
  return runOnControlPlane("verify", shell, body, { dryRun, deadlineOf: build ? deadlineWithBuilds : undefined });
};

/** Builds follow one another, each with its own timeout. */
function deadlineWithBuilds({ timeouts, build }: Settings): number {
  return timeouts.total + build.timeout * Math.max(1, build.projects.length);
}
