import { requireDefinition } from "../../definition/render-definition.ts";
import { scopeName } from "../../definition/task-scope.ts";
import { judge } from "../../registration/judge.ts";
import { lookUp } from "../../registration/look-up.ts";
import { type ReportedInvocation, reported } from "../shell/reported.ts";
import type { World } from "../shell/world.ts";

/** `registrar verify`: read only; whether what the SDK finds is this release's definition. */
export function verifyCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("verify", invocation, world, async ({ definition, scope, registrations, recorder }) => {
    const wanted = requireDefinition(definition);
    const { appVersion } = wanted.ownership;
    const where = scopeName(scope);
    const current = await lookUp(registrations, wanted, recorder, "look up");
    const error = judge(current, { appVersion, scope: where });
    if (error)
      return { state: "not-current", summary: `${appVersion} is not what builds use in ${where}`, current, error };
    return { state: "current", summary: `${current?.version} is current in ${where} with this definition`, current };
  });
}
