import type { Registrations } from "./control-plane/registrations.ts";
import type { Definition } from "./definition/definition.ts";
import { ownerOf, type Registration } from "./registration.ts";
import type { Recorder } from "./report/recorder.ts";
import { recognise } from "./verify.ts";

/**
 * Looks the current registration up as the SDK does, holds it against the wanted definition and records that as a step.
 * @throws what the reads throw
 */
export async function lookUp(
  registrations: Pick<Registrations, "current">,
  wanted: Definition | undefined,
  recorder: Recorder,
  step: "look up" | "verify",
): Promise<Registration | undefined> {
  return recorder.step(
    step,
    async () => {
      const details = await registrations.current();
      return details && recognise(details, wanted);
    },
    (current) => {
      if (!current) return "the SDK finds nothing: it is not registered";
      const when = current.registeredAt ? `, registered ${current.registeredAt.toISOString()}` : "";
      return `the SDK finds ${current.version}${when} by ${ownerOf(current)}`;
    },
  );
}
