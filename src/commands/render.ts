import { asRegistrarError } from "../errors/registrar-error.ts";
import { flyteConfig } from "../flyte/config.ts";
import { defineFrom, requireDefinition, requireTarget, withRelease } from "../preparation.ts";
import { createRedactor } from "../report/redaction.ts";
import { findingText, painter } from "../report/text.ts";
import { type Invocation, loadSettings, parseSettings } from "../settings/load.ts";
import type { World } from "../world.ts";
import { typable } from "./ending.ts";

/** What `registrar render` can print. */
export const renderings = ["task", "flyte-config", "both"] as const;

/**
 * `registrar render`: prints what a registration would use, so that a person can read it or deploy it by hand. The
 * configuration names the user's own files where a registration uses copies in a private folder.
 * @returns the exit code
 */
export async function renderCommand(
  invocation: Invocation & { what: (typeof renderings)[number] },
  world: World,
): Promise<number> {
  const redactor = createRedactor();
  try {
    const given = parseSettings(invocation, world.readFile);
    const loaded = await withRelease(loadSettings(given, world.environment, world.readFile), world, world.signal);
    loaded.secrets.forEach(redactor.protect);
    const { settings } = loaded;
    const parts: string[] = [];
    if (invocation.what !== "flyte-config") parts.push(requireDefinition(defineFrom(settings, world)).source);
    if (invocation.what !== "task") {
      const target = requireTarget(loaded);
      const { auth, caFile } = settings.controlPlane;
      const { clientSecretFile: clientSecret = "<file with the client secret of the API key>", clientSecretVariable } =
        auth.type === "clientSecret" ? auth : {};
      const scope = { org: target.org, project: settings.task.project, domain: settings.task.domain };
      parts.push(
        flyteConfig(target, scope, { clientSecret, clientSecretVariable, certificateAuthorities: caFile ?? "" }),
      );
    }
    world.writeOut(redactor.redact(parts.join("\n")));
    return 0;
  } catch (thrown) {
    const error = asRegistrarError(thrown);
    const finding = typable(error.finding, invocation);
    world.writeError(redactor.redact(`${findingText(finding, painter(world.colour))}\n`));
    return error.exit;
  }
}
