import { registrationsOf } from "../../control-plane/registrations.ts";
import type { Definition } from "../../definition/definition.ts";
import { scopeName } from "../../definition/task-scope.ts";
import { type Code, catalogue, type Finding, problem, RegistrarError } from "../../findings/registrar-error.ts";
import { judge } from "../../registration/judge.ts";
import { recognize } from "../../registration/recognize.ts";
import { ownerOf, type Registration } from "../../registration/registration.ts";
import type { ControlPlaneTarget, GivenSettings } from "../../settings/load.ts";
import type { Check, Passed, Suite } from "../engine/suite.ts";
import type { Access } from "../identity/identity-checks.ts";

/** Builds work all the same, and by the usual policy a registration leaves things so. */
const harmless: ReadonlySet<Code> = new Set(["registration-newer", "registration-incomparable"]);

/** Domains that every Flyte control plane starts with. */
const usualDomains = ["production", "staging", "development"];

/** What the SDK's users get: the definition of this release, or what is in its place. */
export function registrationChecks(
  suite: Suite,
  needs: {
    given: Check<GivenSettings>;
    target: Check<ControlPlaneTarget>;
    definition: Check<Definition>;
    access: Check<Access>;
  },
): void {
  const { given, target, definition, access } = needs;
  const category = "registration";
  const registered = suite.check({
    ...{ category, name: "registered", title: "build-image is registered", severity: "error" },
    ...{ needs: [given, target, definition, access], deadline: 8_000 },
    run: async ([{ settings }, { org }, wanted, { session, registrations }]): Promise<Passed<Registration>> => {
      const { project, domain } = settings.task;
      const scope = scopeName(settings.task);
      const details = await registrations.current();
      if (details) {
        const current = recognize(details, wanted);
        return { value: current, detail: `${current.version}, registered ${ownerOf(current)}` };
      }
      for (const other of usualDomains.filter((name) => name !== domain)) {
        const elsewhere = await registrationsOf(session, { org, project, domain: other }).current();
        if (elsewhere) throw problem("registration-elsewhere", { scope, domain: other });
      }
      throw problem("registration-missing", { scope });
    },
  });
  suite.check({
    ...{ category, name: "current", title: "it is this release's", severity: "error" },
    ...{ needs: [given, definition, registered], deadline: 1_000 },
    run: ([{ settings }, { ownership }, current]) => {
      const { appVersion } = ownership;
      const wrong = judge(current, { appVersion, scope: scopeName(settings.task) });
      if (wrong) throw asError(harmless.has(wrong.code) ? { ...wrong, severity: "warning" } : wrong);
      return { value: undefined, detail: `${current.version} has the definition of these settings` };
    },
  });
}

function asError(found: Finding): RegistrarError {
  return new RegistrarError(found, catalogue[found.code]);
}
