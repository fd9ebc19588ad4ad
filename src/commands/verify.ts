import { judge, recognise } from "../verify.ts";
import { type ReportedInvocation, reported } from "./reported.ts";
import { requireDefinition } from "./run.ts";
import type { World } from "./world.ts";

/** `registrar verify`: read only; whether what the SDK finds is this release's definition. */
export function verifyCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("verify", invocation, world, async ({ definition, scope, registrations, recorder }) => {
    const wanted = requireDefinition(definition);
    const { appVersion } = wanted.signature;
    const where = `${scope.project}/${scope.domain}`;
    const current = await recorder.step(
      "look up",
      async () => {
        const details = await registrations.current();
        return details && recognise(details, wanted);
      },
      (found) => (found ? `the SDK finds ${found.version}` : "the SDK finds nothing"),
    );
    const error = judge(current, { appVersion, scope: where });
    if (error)
      return { state: "not-current", summary: `${appVersion} is not what builds use in ${where}`, current, error };
    return { state: "current", summary: `${current?.version} is current in ${where} with this definition`, current };
  });
}
