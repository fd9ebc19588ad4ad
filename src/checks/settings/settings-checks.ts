import { resolveAppVersion } from "../../cluster/app-version.ts";
import type { Definition } from "../../definition/definition.ts";
import { appVersionMissing, renderDefinition, requireDefinition } from "../../definition/render-definition.ts";
import type { Finding } from "../../findings/finding.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { requireSuitableFlyte } from "../../flyte/cli-version.ts";
import { ensureEnoughMemory } from "../../flyte/memory.ts";
import type { Registries } from "../../images/open-registries.ts";
import { type ControlPlaneTarget, loadSettings, requireTarget } from "../../settings/load.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";

/** What the checks of settings find, for the others. */
export interface SettingsChecks {
  given: Check<GivenSettings>;
  target: Check<ControlPlaneTarget>;
  definition: Check<Definition>;
  registries: Check<Registries>;
}

/** The settings parse, the files that they name exist, and the appVersion is known. */
export function settingsChecks(suite: Suite, context: CheckContext): SettingsChecks {
  const { world, invocation, parsed } = context;
  const offline = deadlines.checkOffline;
  const given = suite.check("settings/parse", "the settings can be used", { needs: [], deadline: offline }, () => {
    if ("error" in parsed) throw parsed.error;
    const files = [invocation.configFile, invocation.flyteConfigFile].flatMap((path) => path ?? []);
    const sources =
      files.length > 0 ? `${files.join(" over ")}, flags and variables over these` : "flags and variables";
    return { value: parsed.given, detail: sources };
  });
  const loaded = suite.check(
    "settings/files",
    "the files that they name exist",
    { needs: [given], deadline: offline },
    ([settings]) => {
      const value = loadSettings(settings, world.environment, world.readFile);
      value.secrets.forEach(context.protect);
      return { value, detail: `credentials: ${settings.settings.controlPlane.auth.type}` };
    },
  );
  const registries = suite.check(
    "settings/registries",
    "logins to registries can be used",
    { needs: [loaded], deadline: offline },
    ([{ settings }]) => {
      const { authFile } = settings.registry;
      return { value: context.openRegistries(settings), detail: authFile ?? "none, so they are asked anonymously" };
    },
  );
  const warned = { needs: [loaded], deadline: offline, severity: "warning" } as const;
  suite.check("settings/variables", "variables that fill in settings can be used", warned, ([{ warnings }]) => {
    throwIfAny(warnings.filter(({ code }) => code === "variable-ignored"));
    return { value: undefined, detail: "none is ignored" };
  });
  suite.check("settings/consistent", "they agree with each other", warned, ([{ warnings }]) => {
    throwIfAny(warnings.filter(({ code }) => code !== "variable-ignored"));
    return { value: undefined, detail: "no contradictions" };
  });
  const target = suite.check(
    "settings/endpoint",
    "a control plane is set",
    { needs: [loaded], deadline: offline },
    ([settings]) => {
      const value = requireTarget(settings);
      return { value, detail: value.endpoint.url };
    },
  );
  const resolved = suite.check(
    "settings/app-version",
    "the appVersion is known",
    { needs: [loaded], deadline: deadlines.checkAppVersion },
    async ([settings], signal) => {
      const value = await resolveAppVersion(settings, world, signal);
      context.onSettings(value.settings);
      const { appVersion, appVersionFrom } = value.settings;
      if (appVersion === undefined) throw appVersionMissing();
      const source = settings.settings.appVersion === undefined ? ` of ${appVersionFrom}` : "";
      return { value, detail: `${appVersion}${source}` };
    },
  );
  const definition = suite.check(
    "settings/definition",
    "the task can be rendered",
    { needs: [resolved], deadline: offline },
    ([{ settings }]) => {
      const value = requireDefinition(renderDefinition(settings, world));
      return { value, detail: `build-image of ${value.ownership.appVersion}` };
    },
  );
  if ("given" in parsed && parsed.given.settings.task.deployWith === "flyte") flyteCheck(suite, context, given);
  return { given, target, definition, registries };
}

function throwIfAny([warning]: readonly Finding[]): void {
  if (warning) throw new RegistrarError(warning);
}

/** Added only if the flyte CLI is to write the task (`task.deployWith: flyte`): it starts a Python, which is slow. */
function flyteCheck(suite: Suite, { world }: CheckContext, given: Check<GivenSettings>): void {
  suite.check(
    "settings/flyte-cli",
    "the flyte CLI can deploy the task",
    { needs: [given], deadline: deadlines.checkFlyteCli },
    async ([{ settings }], signal) => {
      ensureEnoughMemory(world.readFile);
      const version = await requireSuitableFlyte(settings.flyteCommand, world, signal);
      return { value: version, detail: `flyte ${version}` };
    },
  );
}
