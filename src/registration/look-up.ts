import type { Registrations } from "../control-plane/registrations.ts";
import type { Definition } from "../definition/definition.ts";
import type { Recorder } from "../report/recorder.ts";
import { recognize } from "./recognize.ts";
import { ownerOf, type Registration, reportedRegistration } from "./registration.ts";

/**
 * Looks up the current registration as the SDK does, compares it with the wanted definition, and records that as a step and as
 * known. While there is no answer, nothing is known.
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
      recorder.learn({ current: undefined });
      const details = await registrations.current();
      const current = details && recognize(details, wanted);
      recorder.learn({ current: current ? reportedRegistration(current) : null });
      return current;
    },
    (current) => {
      if (!current) return "no registration found";
      const when = current.registeredAt ? `, registered ${current.registeredAt.toISOString()}` : ", registered";
      return `current: ${current.version}${when} ${ownerOf(current)}`;
    },
  );
}
