import { registrationsOf } from "../../control-plane/registrations.ts";
import type { DefinitionContext } from "../../definition/context.ts";
import type { Definition } from "../../definition/definition.ts";
import { registeredImages } from "../../definition/registered-images.ts";
import type { Code } from "../../findings/catalog/catalog.ts";
import { problem, RegistrarError } from "../../findings/registrar-error.ts";
import { judge } from "../../registration/judge.ts";
import { recognize } from "../../registration/recognize.ts";
import { ownerOf, type Registration } from "../../registration/registration.ts";
import type { ControlPlaneTarget } from "../../settings/load.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { scopeName } from "../../settings/task-scope.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Check, Passed } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import type { Access } from "../identity/identity-checks.ts";

/** Builds work nevertheless, and with the default policy a registration leaves it so. */
const warnings: ReadonlySet<Code> = new Set(["registration-newer", "registration-incomparable"]);

/** Domains that every Flyte control plane starts with. */
const usualDomains = ["production", "staging", "development"];

interface Needs {
  given: Check<GivenSettings>;
  target: Check<ControlPlaneTarget>;
  definition: Check<Definition>;
  access: Check<Access>;
}

/** What is registered, and the images that it runs. */
export interface Registered {
  current: Registration;
  images: DefinitionContext["images"];
}

/** What users of the SDK get: the definition of these settings, or what is registered instead. */
export function registrationChecks(suite: Suite, { given, target, definition, access }: Needs): Check<Registered> {
  const registered = suite.check(
    "registration/registered",
    "build-image is registered",
    { needs: [given, target, definition, access], deadline: deadlines.checkRequest },
    async ([{ settings }, { org }, wanted, { session, registrations }]): Promise<Passed<Registered>> => {
      const { project, domain } = settings.task;
      const scope = scopeName(settings.task);
      const details = await registrations.current();
      if (details) {
        const current = recognize(details, wanted);
        const ours = wanted.context.images;
        const images = details.spec ? registeredImages(details.spec, ours) : ours;
        return { value: { current, images }, detail: `${current.version}, registered ${ownerOf(current)}` };
      }
      for (const other of usualDomains.filter((name) => name !== domain)) {
        const elsewhere = await registrationsOf(session, { org, project, domain: other }).current();
        if (elsewhere) throw problem("registration-elsewhere", { scope, domain: other });
      }
      throw problem("registration-missing", { scope });
    },
  );
  suite.check(
    "registration/current",
    "it is the definition of these settings",
    { needs: [given, definition, registered], deadline: deadlines.checkOffline },
    ([{ settings }, { ownership }, { current }]) => {
      const { appVersion } = ownership;
      const { role } = settings.policy;
      const wrong = judge(current, { appVersion, scope: scopeName(settings.task), role });
      if (wrong) throw new RegistrarError(warnings.has(wrong.code) ? { ...wrong, severity: "warning" } : wrong);
      if (!current.isWanted) return { notNeeded: `policy.role is member: ${current.version} is its owner's` };
      return { value: undefined, detail: current.version };
    },
  );
  return registered;
}
