import { ownerOf } from "../registration.ts";
import { judge, recognise } from "../verify.ts";
import { type ReportedInvocation, reported } from "./reported.ts";
import type { World } from "./world.ts";

/** How many versions are shown: enough to see who wrote last, and no more with ten thousand. */
const shown = 10;

/** `registrar status`: what the control plane says, for a person or for support. */
export function statusCommand(invocation: ReportedInvocation, world: World): Promise<number> {
  return reported("status", invocation, world, async ({ definition, scope, registrations, recorder }) => {
    const where = `${scope.project}/${scope.domain}`;
    const current = await recorder.step(
      "look up",
      async () => {
        const details = await registrations.current();
        return details && recognise(details, definition);
      },
      (found) => {
        if (!found) return "nothing is registered";
        const when = found.registeredAt ? `, registered ${found.registeredAt.toISOString()}` : "";
        return `the SDK finds ${found.version}${when} by ${ownerOf(found)}`;
      },
    );
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
