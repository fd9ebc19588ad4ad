import { problem } from "../../findings/registrar-error.ts";
import { ecrRepositories } from "../../images/ecr-repositories.ts";
import type { ImageListReport } from "../../images/image-list-report.ts";
import { imageTable, leftOutText, type MirrorListing } from "../../images/image-table.ts";
import { mirrorScript } from "../../images/mirror-script.ts";
import type { MirrorRegistry } from "../../images/mirror-target.ts";
import { movingValues } from "../../images/moving-values.ts";
import { planMirror } from "../../images/plan-mirror.ts";
import type { ImageList } from "../../images/required-image.ts";
import { type ImageDemand, requiredImages } from "../../images/required-images.ts";
import { formatImageReference } from "../../registry/image-reference.ts";
import { painter } from "../../report/text.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { CommandBody } from "../shell/command.ts";
import type { World } from "../shell/world.ts";
import { imageDemand } from "./image-demand.ts";
import type { ImagesFlags, ListForm } from "./images-flags.ts";

/** Lists the images from the settings alone; nothing is contacted. */
export const images: CommandBody<ImagesFlags> = async (shell, flags) => {
  const { world, writeError } = shell;
  const { settings } = parseSettings(shell.invocation, world.readFile);
  const demand = imageDemand(settings, flags);
  const list = requiredImages(demand);
  const mirror = flags.registry && mirrorOf(list, flags.registry, demand, settings.registry.insecureHosts);
  const form = flags.form ?? (world.isTerminal ? "table" : "list");
  const text = textIn[form]({ list, mirror, appVersion: demand.appVersion }, world);
  // What a program reads has nothing but the images, so the rest goes to where a person sees it.
  if (form === "list" || form === "script") {
    for (const left of list.leftOut) writeError(leftOutText(left, painter(false)).trimEnd());
  }
  return { text };
};

/** What is printed, in one form or another. */
interface Listing {
  list: ImageList;
  mirror: MirrorListing | undefined;
  appVersion: string;
}

const textIn: Record<ListForm, (listing: Listing, world: Pick<World, "colour" | "version">) => string> = {
  list: ({ list, mirror }) => linesOf(list, mirror),
  table: ({ list, mirror }, { colour }) => imageTable(list, mirror, painter(colour)),
  json: (listing, { version }) => `${JSON.stringify(reportOf(listing, version), null, 2)}\n`,
  script: ({ mirror }) => {
    if (!mirror) throw problem("usage-wrong", { message: "--format script requires --to <registry/path>" });
    return mirrorScript(mirror.copies, mirror.repositoryCommands);
  },
};

function mirrorOf(
  { images: required }: ImageList,
  registry: MirrorRegistry,
  { appVersion }: ImageDemand,
  insecureHosts: readonly string[],
): MirrorListing {
  const copies = planMirror(required, registry);
  return {
    copies,
    values: movingValues(copies, registry, { appVersion, insecureHosts }),
    repositoryCommands: ecrRepositories(copies, registry),
  };
}

/** One reference a line: where each image is, or is to be. */
function linesOf({ images: required }: ImageList, mirror: MirrorListing | undefined): string {
  const references = mirror
    ? mirror.copies.map(({ target }) => formatImageReference(target))
    : required.map(({ reference }) => reference);
  return references.map((reference) => `${reference}\n`).join("");
}

function reportOf({ list, mirror, appVersion }: Listing, version: string): ImageListReport {
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
