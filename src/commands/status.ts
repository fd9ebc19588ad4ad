import { lookUp } from "../look-up.ts";
import { judge } from "../verify.ts";
import { type ReportedInvocation, reported } from "./reported.ts";
import type { World } from "./world.ts";

/** How many versions are shown: enough to see who wrote last, and no more with ten thousand. */
const shown = 10;

/** `registrar status`: what the control plane says, for a person or for support. */
export function statusCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("status", invocation, world, async ({ definition, scope, registrations, recorder }) => {
    const where = `${scope.project}/${scope.domain}`;
    const current = await lookUp(registrations, definition, recorder, "look up");
    const versions = await recorder.step(
      "versions",
      () => registrations.newest(shown),
      (rows) => (rows.length === 0 ? "none" : `newest first: ${rows.map(({ version }) => version).join(", ")}`),
    );
    if (definition) {
      const finding = judge(current, { appVersion: definition.signature.appVersion, scope: where });
      if (finding) recorder.warn({ ...finding, severity: "warning" });
    }
    return {
      state: "known",
      summary: current ? `${current.version} is current in ${where}` : `nothing is registered in ${where}`,
      current,
      versions: versions.map(({ version, registeredAt }) => ({
        version,
        ...(registeredAt && { registeredAt: registeredAt.toISOString() }),
      })),
    };
  });
}
