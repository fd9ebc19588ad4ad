import { problem } from "../../findings/registrar-error.ts";
import type { ImageDemand } from "../../images/required-images.ts";
import { pythonVersion, sdkVersion } from "../../settings/builds-schema.ts";
import { imageReference } from "../../settings/field-types.ts";
import type { Settings } from "../../settings/schema.ts";
import type { Flag } from "../shell/command.ts";
import { eachParsedBy, parsedBy, textsOf } from "../shell/flag-values.ts";

/** The flags that say what users build, in addition to the settings below `builds`. */
export interface DemandFlags {
  baseImages: readonly string[];
  pythonVersions: readonly string[];
  sdkVersion: string | undefined;
  registrarImage: string | undefined;
}

/** Settings that determine the list. */
export const demandSettings = ["appVersion", "task", "builds"] as const;

export const demandFlags: readonly Flag[] = [
  {
    syntax: "--base-image <reference...>",
    description: "images that users build on, in addition to builds.baseImages",
    parseValue: eachParsedBy(imageReference),
  },
  {
    syntax: "--python <version...>",
    description: "Python versions of users' images, instead of builds.pythonVersions",
    parseValue: eachParsedBy(pythonVersion),
  },
  {
    syntax: "--sdk-version <version>",
    description: "version of users' flyte SDK, instead of builds.sdkVersion",
    parseValue: parsedBy(sdkVersion),
  },
  {
    syntax: "--registrar-image <reference>",
    description: "the image of this program, to be listed too",
    parseValue: parsedBy(imageReference),
  },
];

/** What was given to these flags. */
export function parseDemandFlags(given: Readonly<Record<string, unknown>>): DemandFlags {
  return {
    baseImages: textsOf(given["baseImage"]),
    pythonVersions: textsOf(given["python"]),
    sdkVersion: textsOf(given["sdkVersion"])[0],
    registrarImage: textsOf(given["registrarImage"])[0],
  };
}

/**
 * What determines the list: the settings, and the flags that add to them.
 * @throws {RegistrarError} settings-wrong: without an appVersion
 */
export function imageDemand(
  { appVersion, appVersionFrom, task, release, builds }: Settings,
  flags: DemandFlags,
): ImageDemand {
  if (appVersion === undefined) {
    const instead = appVersionFrom === undefined ? "" : ` (this command does not read ${appVersionFrom})`;
    const missing = `not set${instead}; it is the platform's version, for example --app-version 2026.3.4`;
    throw problem("settings-wrong", { problems: [{ setting: "appVersion", problem: missing }] });
  }
  return {
    appVersion,
    task,
    release,
    builds: {
      baseImages: [...builds.baseImages, ...flags.baseImages.map((image) => ({ image, python: [] }))],
      pythonVersions: flags.pythonVersions.length > 0 ? [...flags.pythonVersions] : builds.pythonVersions,
      sdkVersion: flags.sdkVersion ?? builds.sdkVersion,
    },
    registrarImage: flags.registrarImage,
  };
}
