import { formatImageReference } from "../registry/image-reference.ts";
import type { Paint } from "../report/text.ts";
import type { MovingValues } from "./moving-values.ts";
import type { PlannedCopy } from "./plan-mirror.ts";
import type { ImageList, LeftOut, RequiredImage } from "./required-image.ts";

const labelWidth = 12;

/** What a list says of the images in a mirror. */
export interface MirrorListing {
  copies: readonly PlannedCopy[];
  values: MovingValues;
  repositoryCommands: readonly string[];
}

/** The images for a person: one paragraph each, what is left out, and what to paste. */
export function imageTable({ images, leftOut }: ImageList, mirror: MirrorListing | undefined, paint: Paint): string {
  const paragraphs = images.map((image) => paragraphOf(image, mirror, paint));
  const sections = mirror ? sectionsOf(mirror, paint) : [];
  return [...paragraphs, ...leftOut.map((left) => leftOutText(left, paint)), ...sections].join("\n");
}

/** What the list does not name, and why. */
export function leftOutText({ what, fix }: LeftOut, paint: Paint): string {
  return `${paint("yellow", "Not listed:")} ${what}. ${fix}\n`;
}

function paragraphOf(image: RequiredImage, mirror: MirrorListing | undefined, paint: Paint): string {
  const copy = mirror?.copies.find((planned) => planned.image === image);
  const lines = {
    to: copy && (copy.isInPlace ? "in place" : formatImageReference(copy.target)),
    "pulled by": `${image.pulledBy}: ${image.when}`,
    credentials: image.credentials,
    "set by": image.movedBy,
    note: image.note,
  };
  const shown = Object.entries(lines).filter(([, text]) => text);
  return [
    paint("bold", image.reference),
    ...shown.map(([label, text]) => `  ${label.padEnd(labelWidth)}${text}`),
    "",
  ].join("\n");
}

function sectionsOf({ values, repositoryCommands }: MirrorListing, paint: Paint): string[] {
  const sections: [string, string][] = [
    ["Repositories to create, in a shell", repositoryCommands.map((command) => `${command}\n`).join("")],
    ["Values of the image-builder-registrar chart (embedded: below imageBuilderRegistrar)", values.registrarValues],
    ["Values of the data plane chart", values.dataPlaneValues],
  ];
  return sections.filter(([, text]) => text !== "").map(([title, text]) => `${paint("bold", `# ${title}`)}\n${text}`);
}
