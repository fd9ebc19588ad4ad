import { problem } from "../findings/registrar-error.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { readText } from "../system/text-file.ts";
import { type FlyteConfig, fromFlyteConfig } from "./flyte-config.ts";
import { fromYamlText, type Source } from "./sources.ts";
import type { YamlText } from "./yaml.ts";

/**
 * Reads the file of `--config`.
 * @throws {RegistrarError} settings-file-unreadable
 */
export function readConfigFile(path: string, readFile: ReadFile): Source & { path: string; text: string } {
  try {
    const text = readText(path, readFile);
    const { settings, lineOf } = fromYamlText(text);
    return { path, text, settings, placeOf: (setting) => placeIn(path, lineOf(setting)) };
  } catch (error) {
    throw problem("settings-file-unreadable", { file: path, flag: "--config" }, error);
  }
}

/**
 * Reads the file of `--flyte-config`.
 * @throws {RegistrarError} settings-file-unreadable
 */
export function readFlyteConfigFile(path: string, environment: Environment, readFile: ReadFile): FlyteConfig & Source {
  const file = fromHome(path, environment["HOME"]);
  try {
    const config = fromFlyteConfig(readText(file, readFile), environment);
    return { ...config, placeOf: (setting) => placeIn(file, config.lineOf(setting)) };
  } catch (error) {
    throw problem("settings-file-unreadable", { file, flag: "--flyte-config" }, error);
  }
}

function placeIn(file: string, line: ReturnType<YamlText["lineOf"]>): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** A shell does not expand the `~` of `--flyte-config=~/.flyte/config.yaml`. */
function fromHome(path: string, home: string | undefined): string {
  return home && path.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}
