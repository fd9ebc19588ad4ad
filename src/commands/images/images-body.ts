import { problem } from "../../findings/registrar-error.ts";
import { ecrRepositories } from "../../images/ecr-repositories.ts";
import type { ImageListReport } from "../../images/image-list-report.ts";
import { imageTable, leftOutText } from "../../images/image-table.ts";
import { mirrorScript } from "../../images/mirror-script.ts";
import type { MirrorRegistry } from "../../images/mirror-target.ts";
import { type MovingValues, movingValues } from "../../images/moving-values.ts";
import { type PlannedCopy, planMirror } from "../../images/plan-mirror.ts";
import type { ImageList } from "../../images/required-image.ts";
import { type ImageDemand, requiredImages } from "../../images/required-images.ts";
import { formatImageReference } from "../../registry/image-reference.ts";
import { painter } from "../../report/text.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { CommandBody } from "../shell/command.ts";
import { imageDemand } from "./image-demand.ts";
import type { ImagesFlags } from "./images-flags.ts";

/** What is said of the images in a mirror. */
interface Mirror {
  copies: readonly PlannedCopy[];
  values: MovingValues;
  repositoryCommands: readonly string[];
}

/** Lists the images from the settings alone; nothing is contacted. */
export const images: CommandBody<ImagesFlags> = async (shell, flags) => {
  const { world, writeError } = shell;
  const { settings } = parseSettings(shell.invocation, world.readFile);
  const demand = imageDemand(settings, flags);
  const list = requiredImages(demand);
  const mirror = flags.registry && mirrorOf(list, flags.registry, demand, settings.registry.insecureHosts);
  const form = flags.form ?? (world.isTerminal ? "table" : "list");
  // What a program reads has nothing but the images, so the rest goes to where a person sees it.
  if (form === "list" || form === "script") {
    for (const left of list.leftOut) writeError(leftOutText(left, painter(false)).trimEnd());
  }
  switch (form) {
    case "list":
      return { text: linesOf(list, mirror) };
    case "table":
      return { text: imageTable(list.images, list.leftOut, mirror, painter(world.colour)) };
    case "json":
      return { text: `${JSON.stringify(reportOf(list, mirror, demand.appVersion, world.version), null, 2)}\n` };
    case "script":
      if (!mirror) throw problem("usage-wrong", { message: "--format script requires --to <registry/path>" });
      return { text: mirrorScript(mirror.copies, mirror.repositoryCommands) };
  }
};

function mirrorOf(
  { images: required }: ImageList,
  registry: MirrorRegistry,
  { appVersion }: ImageDemand,
  insecureHosts: readonly string[],
): Mirror {
  const copies = planMirror(required, registry);
  return {
    copies,
    values: movingValues(copies, registry, { appVersion, insecureHosts }),
    repositoryCommands: ecrRepositories(copies, registry),
  };
}

/** One reference a line: where each image is, or is to be. */
function linesOf({ images: required }: ImageList, mirror: Mirror | undefined): string {
  const references = mirror
    ? mirror.copies.map(({ target }) => formatImageReference(target))
    : required.map(({ reference }) => reference);
  return references.map((reference) => `${reference}\n`).join("");
}

function reportOf(list: ImageList, mirror: Mirror | undefined, appVersion: string, version: string): ImageListReport {
  const places = mirror?.copies.map(({ source, target }) => ({
    source: formatImageReference(source),
    target: formatImageReference(target),
  }));
  return {
    schemaVersion: 1,
    program: { name: "image-builder-registrar", version },
    command: "images",
    appVersion,
    images: list.images.map((image, index) => ({ ...image, ...places?.[index] })),
    leftOut: [...list.leftOut],
    ...(mirror && { values: mirror.values, repositoryCommands: [...mirror.repositoryCommands] }),
  };
}
