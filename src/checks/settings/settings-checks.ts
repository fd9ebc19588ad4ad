import { resolveAppVersion } from "../../cluster/app-version.ts";
import type { Definition } from "../../definition/definition.ts";
import { renderDefinition, requireDefinition } from "../../definition/render-definition.ts";
import { catalogue, RegistrarError } from "../../findings/registrar-error.ts";
import { requireSuitableFlyte } from "../../flyte/cli-version.ts";
import { ensureEnoughMemory } from "../../flyte/memory.ts";
import type { Redactor } from "../../report/redaction.ts";
import {
  type ControlPlaneTarget,
  type GivenSettings,
  type Invocation,
  loadSettings,
  parseSettings,
  requireTarget,
} from "../../settings/load.ts";
import type { CheckWorld } from "../check-context.ts";
import type { Check, Suite } from "../engine/suite.ts";

/** What the checks of settings find, for the others. */
export interface SettingsChecks {
  given: Check<GivenSettings>;
  target: Check<ControlPlaneTarget>;
  definition: Check<Definition>;
}

/** The settings parse, what they name is there, and the release is known. */
export function settingsChecks(
  suite: Suite,
  invocation: Invocation,
  world: CheckWorld,
  redactor: Redactor,
): SettingsChecks {
  const category = "settings";
  const given = suite.check({
    ...{ category, name: "parse", title: "the settings can be used", severity: "error", needs: [], deadline: 1_000 },
    run: () => {
      const value = parseSettings(invocation, world.readFile);
      const files = [invocation.configFile, invocation.flyteConfigFile].flatMap((path) => path ?? []);
      return {
        value,
        detail: files.length > 0 ? `${files.join(" over ")} and what overrides it` : "flags and variables",
      };
    },
  });
  const loaded = suite.check({
    ...{ category, name: "files", title: "the files that they name are there", severity: "error", needs: [given] },
    deadline: 1_000,
    run: ([settings]) => {
      const value = loadSettings(settings, world.environment, world.readFile);
      value.secrets.forEach(redactor.protect);
      return { value, detail: `credentials: ${settings.settings.controlPlane.auth.type}` };
    },
  });
  suite.check({
    ...{ category, name: "consistent", title: "they agree with each other", severity: "warning", needs: [loaded] },
    deadline: 1_000,
    run: ([
      {
        warnings: [warning],
      },
    ]) => {
      if (warning) throw new RegistrarError(warning, catalogue[warning.code]);
      return { value: undefined, detail: "nothing contradicts" };
    },
  });
  const target = suite.check({
    ...{ category, name: "endpoint", title: "a control plane is named", severity: "error", needs: [loaded] },
    deadline: 1_000,
    run: ([settings]) => {
      const value = requireTarget(settings);
      return { value, detail: value.endpoint.url };
    },
  });
  const release = suite.check({
    ...{
      category,
      name: "release",
      title: "the release is known",
      severity: "error",
      needs: [loaded],
      deadline: 5_000,
    },
    run: async ([settings], signal) => {
      const value = await resolveAppVersion(settings, world, signal);
      const { appVersion, appVersionFrom } = value.settings;
      const from = settings.settings.appVersion === undefined ? ` of ${appVersionFrom}` : "";
      return { value, detail: appVersion === undefined ? "none is given" : `${appVersion}${from}` };
    },
  });
  const definition = suite.check({
    ...{ category, name: "definition", title: "its task can be rendered", severity: "error", needs: [release] },
    deadline: 1_000,
    run: ([settings]) => {
      const value = requireDefinition(renderDefinition(settings.settings, world));
      return { value, detail: `build-image of ${value.ownership.appVersion}` };
    },
  });
  return { given, target, definition };
}

/**
 * Whether the flyte CLI can write it; only worth asking where it is to (`task.deployWith: flyte`). It starts a Python, which
 * takes as long as all the other checks together.
 */
export function flyteCheck(suite: Suite, given: Check<GivenSettings>, world: CheckWorld): Check<string> {
  return suite.check({
    ...{ category: "settings", name: "flyte-cli", title: "the flyte CLI can deploy it", severity: "error" },
    ...{ needs: [given], deadline: 20_000 },
    run: async ([{ settings }], signal) => {
      ensureEnoughMemory(world.readFile);
      const version = await requireSuitableFlyte(settings.flyteCommand, world, signal);
      return { value: version, detail: `flyte ${version}` };
    },
  });
}
