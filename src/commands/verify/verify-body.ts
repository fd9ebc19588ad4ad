import { requireDefinition } from "../../definition/render-definition.ts";
import { judge } from "../../registration/judge.ts";
import { lookUp } from "../../registration/look-up.ts";
import { scopeName } from "../../settings/task-scope.ts";
import type { CommandBody } from "../shell/command.ts";
import { runOnControlPlane } from "../shell/control-plane-run.ts";

/** Looks up the current registration and judges it. */
export const verify: CommandBody<undefined> = (shell) =>
  runOnControlPlane("verify", shell, async ({ definition, scope, registrations, recorder }) => {
    const wanted = requireDefinition(definition);
    const { appVersion } = wanted.ownership;
    const where = scopeName(scope);
    const current = await lookUp(registrations, wanted, recorder, "look up");
    const error = judge(current, { appVersion, scope: where });
    if (error) return { state: "not-current", summary: `${appVersion} is not current in ${where}`, current, error };
    return { state: "current", summary: `${current?.version} is current in ${where} with this definition`, current };
  });
