import { lookUp } from "../look-up.ts";
import { requireDefinition } from "../preparation.ts";
import { judge } from "../verify.ts";
import type { World } from "../world.ts";
import { type ReportedInvocation, reported } from "./reported.ts";

/** `registrar verify`: read only; whether what the SDK finds is this release's definition. */
export function verifyCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("verify", invocation, world, async ({ definition, scope, registrations, recorder }) => {
    const wanted = requireDefinition(definition);
    const { appVersion } = wanted.ownership;
    const where = `${scope.project}/${scope.domain}`;
    const current = await lookUp(registrations, wanted, recorder, "look up");
    const error = judge(current, { appVersion, scope: where });
    if (error)
      return { state: "not-current", summary: `${appVersion} is not what builds use in ${where}`, current, error };
    return { state: "current", summary: `${current?.version} is current in ${where} with this definition`, current };
  });
}
