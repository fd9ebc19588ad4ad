import satisfies from "semver/functions/satisfies.js";
import type { Definition } from "../definition/definition.ts";
import { catalogue, finding, problem, RegistrarError } from "../errors/registrar-error.ts";
import { ensureEnoughMemory } from "../flyte/memory.ts";
import { defineFrom, requireDefinition, requireTarget, withRelease } from "../preparation.ts";
import type { Redactor } from "../report/redaction.ts";
import {
  type ControlPlaneTarget,
  type GivenSettings,
  type Invocation,
  loadSettings,
  parseSettings,
} from "../settings/load.ts";
import type { World } from "../world.ts";
import type { Check, Suite } from "./suite.ts";

/** What the checks of settings find, for the others. */
export interface SettingsChecks {
  given: Check<GivenSettings>;
  target: Check<ControlPlaneTarget>;
  definition: Check<Definition>;
  /** The version of the CLI. */
  flyteCli: Check<string>;
}

/** Versions of the CLI that cannot deploy a ContainerTask. Measured: 2.5.14 and 2.9.0 can, 2.5.15 and 2.8.1 cannot. */
const unsuitable = ">=2.5.15 <2.9.0";
/** Versions that store the hash of nothing as cache key. Measured: 2.11.4 does, 2.12.0 does not. */
const outdated = "<2.12.0";

/** The settings parse, what they name is there, the release is known, and the flyte CLI can do its work. */
export function settingsChecks(suite: Suite, invocation: Invocation, world: World, redactor: Redactor): SettingsChecks {
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
      const value = await withRelease(settings, world, signal);
      const { appVersion, appVersionFrom } = value.settings;
      const from = settings.settings.appVersion === undefined ? ` of ${appVersionFrom}` : "";
      return { value, detail: appVersion === undefined ? "none is given" : `${appVersion}${from}` };
    },
  });
  const definition = suite.check({
    ...{ category, name: "definition", title: "its task can be rendered", severity: "error", needs: [release] },
    deadline: 1_000,
    run: ([settings]) => {
      const value = requireDefinition(defineFrom(settings.settings, world));
      return { value, detail: `fingerprint ${value.signature.fingerprint.slice(0, 19)}` };
    },
  });
  const flyteCli = suite.check({
    ...{ category, name: "flyte-cli", title: "the flyte CLI can deploy it", severity: "error", needs: [given] },
    deadline: 20_000,
    run: async ([{ settings }], signal) => {
      ensureEnoughMemory(world.readFile);
      const version = await flyteVersion(settings.flyteCommand, world, signal);
      return { value: version, detail: `flyte ${version}` };
    },
  });
  return { given, target, definition, flyteCli };
}

/** Milliseconds for `flyte --version`, which takes a fifth of a second, and 11 s on the tenth of a core that a full node leaves. */
const versionTimeout = 18_000;

async function flyteVersion(command: string, world: World, signal: AbortSignal): Promise<string> {
  const environment = { PATH: world.environment["PATH"] ?? "", FLYTE_DISABLE_SENTRY: "true" };
  const request = { command, args: ["--version"], cwd: world.temporaryFolder, environment, timeout: versionTimeout };
  const { exitCode, stdout, stderr, startFailure, timedOut } = await world.runProcess(request, signal);
  if (timedOut) throw problem("flyte-timeout", { seconds: versionTimeout / 1000 });
  if (exitCode !== 0) throw problem("flyte-missing", { command }, startFailure ?? (stderr || `exit code ${exitCode}`));
  const version = /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (version === undefined) throw problem("flyte-missing", { command }, `it says: ${stdout.trim()}`);
  if (satisfies(version, unsuitable, { includePrerelease: true })) throw problem("flyte-unsuitable", {}, version);
  if (satisfies(version, outdated, { includePrerelease: true })) {
    const warning = finding("warning", "flyte-outdated", { version });
    throw new RegistrarError(warning, catalogue[warning.code]);
  }
  return version;
}
