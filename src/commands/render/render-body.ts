import { resolveAppVersion } from "../../cluster/app-version.ts";
import { specOf, taskYaml } from "../../definition/definition.ts";
import { renderDefinition, renderPythonDefinition, requireDefinition } from "../../definition/render-definition.ts";
import { flyteConfig } from "../../flyte/cli-config.ts";
import { type LoadedSettings, loadSettings, requireTarget } from "../../settings/load.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { taskName } from "../../settings/task-scope.ts";
import type { CommandBody } from "../shell/command.ts";
import type { World } from "../shell/world.ts";
import type { Rendering } from "./renderings.ts";

/** Renders from the settings alone; nothing is contacted, unless the appVersion is that of a Deployment. */
export const render: CommandBody<Rendering> = async (shell, what) => {
  const { world, invocation, redactor } = shell;
  const given = parseSettings(invocation, world.readFile);
  const loaded = loadSettings(given, world.environment, world.readFile);
  loaded.secrets.forEach(redactor.protect);
  for (const warning of loaded.warnings) shell.writeFinding(shell.describe(warning));
  return { text: texts[what](await resolveAppVersion(loaded, world, world.signal), world) };
};

const texts: Record<Rendering, (loaded: LoadedSettings, world: World) => string> = {
  task: ({ settings, target }, world) => {
    const definition = requireDefinition(renderDefinition(settings, world));
    const { project, domain } = settings.task;
    const org = target?.org ?? settings.controlPlane.org ?? "";
    const version = definition.ownership.appVersion;
    return taskYaml(specOf(definition, { org, project, domain, name: taskName, version }));
  },
  python: ({ settings }, world) => {
    return renderPythonDefinition(requireDefinition(renderDefinition(settings, world)), world);
  },
  // It names the user's own files, where a registration uses copies in a private folder.
  "flyte-config": (loaded) => {
    const target = requireTarget(loaded);
    const { controlPlane, task } = loaded.settings;
    const { clientSecretFile: clientSecret = "<file with the client secret of the API key>", clientSecretVariable } =
      controlPlane.auth.type === "clientSecret" ? controlPlane.auth : {};
    const scope = { org: target.org, project: task.project, domain: task.domain };
    const files = { clientSecret, clientSecretVariable, certificateAuthorities: controlPlane.caFile ?? "" };
    return flyteConfig(target, scope, files);
  },
};
