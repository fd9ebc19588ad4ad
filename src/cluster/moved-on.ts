import { basename } from "node:path";
import { finding } from "../findings/finding.ts";
import { problem } from "../findings/registrar-error.ts";
import type { Recorder } from "../report/recorder.ts";
import type { GivenSettings } from "../settings/parse-settings.ts";
import { appVersionFrom } from "./app-version.ts";
import type { OpenCluster } from "./cluster.ts";

/**
 * Makes sure, right before a write, that a scheduled run has the settings of the installed Helm release. Its pod may have been
 * started just before an upgrade, and would otherwise undo what the upgrade's hook has registered.
 * @param given the settings as they were given, with `appVersion` only if the settings themselves have one
 * @param using the appVersion that the run works with
 * @throws {RegistrarError} release-moved-on, app-version-not-found
 */
export async function ensureNotMovedOn(
  given: GivenSettings,
  using: string,
  openCluster: () => ReturnType<OpenCluster>,
  recorder: Recorder,
): Promise<void> {
  const { settings, file } = given;
  const { settingsConfigMap } = settings.cluster;
  if (settings.trigger !== "schedule") return;
  if (settingsConfigMap !== undefined && file !== undefined) {
    let now: string | undefined;
    try {
      now = (await (await openCluster()).readConfigMap(settingsConfigMap))[basename(file.path)];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      recorder.warn(finding("warning", "release-not-rechecked", { configMap: settingsConfigMap }, why));
      return;
    }
    if (now !== file.text) throw problem("release-moved-on", { source: `ConfigMap ${settingsConfigMap}` });
  }
  const { appVersionFrom: source } = settings;
  if (settings.appVersion !== undefined || source === undefined) return;
  if ((await appVersionFrom(source, openCluster)) !== using) throw problem("release-moved-on", { source });
}
