import type { ImageDemand } from "../../src/images/required-images.ts";
import { settingsSchema } from "../../src/settings/schema.ts";

/** What a person gives for a list of images. */
export interface Given {
  appVersion?: string;
  task?: object;
  baseImages?: readonly string[];
  pythonVersions?: string[];
  sdkVersion?: string;
  registrarImage?: string;
}

/** The demand of these settings and flags; the others have their defaults. */
export function demandOf({ appVersion = "2026.8.3", task = {}, registrarImage, ...builds }: Given): ImageDemand {
  const settings = settingsSchema.parse({ task });
  return {
    appVersion,
    task: settings.task,
    release: settings.release,
    builds: {
      baseImages: (builds.baseImages ?? []).map((image) => ({ image, python: [] })),
      pythonVersions: builds.pythonVersions ?? [],
      sdkVersion: builds.sdkVersion,
    },
    registrarImage,
  };
}
