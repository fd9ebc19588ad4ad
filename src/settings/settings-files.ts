import { problem } from "../findings/registrar-error.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { type FlyteConfig, fromFlyteConfig } from "./flyte-config.ts";
import { fromYaml, type RawSettings } from "./sources.ts";

/**
 * Reads the file of `--config`.
 * @throws {RegistrarError} settings-file-unreadable
 */
export function readConfigFile(path: string, readFile: ReadFile): { path: string; text: string; content: RawSettings } {
  try {
    const text = readFile(path);
    return { path, text, content: fromYaml(text) };
  } catch (error) {
    throw problem("settings-file-unreadable", { file: path, flag: "--config" }, error);
  }
}

/**
 * Reads the file of `--flyte-config`.
 * @throws {RegistrarError} settings-file-unreadable
 */
export function readFlyteConfigFile(path: string, environment: Environment, readFile: ReadFile): FlyteConfig {
  const file = fromHome(path, environment["HOME"]);
  try {
    return fromFlyteConfig(readFile(file), environment);
  } catch (error) {
    throw problem("settings-file-unreadable", { file, flag: "--flyte-config" }, error);
  }
}

/** A shell does not expand the `~` of `--flyte-config=~/.flyte/config.yaml`. */
function fromHome(path: string, home: string | undefined): string {
  return home && path.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}
