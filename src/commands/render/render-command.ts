import { resolveAppVersion } from "../../cluster/app-version.ts";
import { specOf, taskYaml } from "../../definition/definition.ts";
import { renderDefinition, renderPythonDefinition, requireDefinition } from "../../definition/render-definition.ts";
import { taskName } from "../../definition/task-scope.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import { flyteConfig } from "../../flyte/cli-config.ts";
import { createRedactor } from "../../report/redaction.ts";
import { findingText, painter } from "../../report/text.ts";
import {
  type Invocation,
  type LoadedSettings,
  loadSettings,
  parseSettings,
  requireTarget,
} from "../../settings/load.ts";
import { typable } from "../shell/ending.ts";
import type { World } from "../shell/world.ts";
import type { Rendering } from "./renderings.ts";

/**
 * `registrar render`: prints what a registration would use: the task as it is stored, or what the flyte CLI would be given.
 * @returns the exit code
 */
export async function renderCommand(invocation: Invocation & { what: Rendering }, world: World): Promise<number> {
  const redactor = createRedactor();
  try {
    const given = parseSettings(invocation, world.readFile);
    const loaded = await resolveAppVersion(loadSettings(given, world.environment, world.readFile), world, world.signal);
    loaded.secrets.forEach(redactor.protect);
    world.writeOut(redactor.redact(render[invocation.what](loaded, world)));
    return 0;
  } catch (thrown) {
    const error = asRegistrarError(thrown);
    const finding = typable(error.finding, invocation);
    world.writeError(redactor.redact(`${findingText(finding, painter(world.colour))}\n`));
    return error.exit;
  }
}

const render: Record<Rendering, (loaded: LoadedSettings, world: World) => string> = {
  task: ({ settings, target }, world) => {
    const definition = requireDefinition(renderDefinition(settings, world));
    const { project, domain } = settings.task;
    const org = target?.org ?? settings.controlPlane.org ?? "";
    const version = definition.ownership.appVersion;
    return taskYaml(specOf(definition, { org, project, domain, name: taskName, version }));
  },
  python: ({ settings }, world) => renderPythonDefinition(requireDefinition(renderDefinition(settings, world)), world),
  // It names the user's own files where a registration uses copies in a private folder.
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
