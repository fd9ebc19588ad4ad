import { type Finding, finding } from "../../findings/finding.ts";
import { publicIndex } from "../../findings/public-index.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { chooseIndex, type IndexChoice } from "../../package-index/chosen-index.ts";
import type { ImageSettings } from "../../package-index/image-settings.ts";
import { shownAddress } from "../../package-index/index-address.ts";

/** A base image, and what it says about package indexes. */
export interface BaseImageSettings extends ImageSettings {
  image: string;
  /** Whether all layers were read; else a file that is not known may say more. */
  isComplete: boolean;
}

/** A base image, and the indexes of builds on it. */
export interface ImageChoice {
  image: string;
  choice: IndexChoice;
}

/** What was found in one image. */
export interface JudgedImage {
  image: string;
  /** Absent if uv cannot read its own configuration. */
  choice?: IndexChoice;
  /** Makes the finding for all images that have the same fault. */
  fault?: { severity: Finding["severity"]; id: string; findingOf(images: readonly string[]): Finding };
}

const notAllRead = "not all layers have been read; a uv.toml in one of them may name an index";

/**
 * Judges what an image says: what only pip reads is a warning, as is another index than the wanted one. An index that users
 * name in `with_pip_packages(index_url=…)` is not known here.
 * @param packageIndex the wanted one, `builds.packageIndex`
 */
export function judgeImage(settings: BaseImageSettings, packageIndex: string | undefined): JudgedImage {
  const { image, isComplete } = settings;
  try {
    const choice = chooseIndex(settings, image);
    const why = choice.isPublic && (!isComplete || choice.unread.length > 0) ? notAllRead : "";
    const fault = pipFault(choice, packageIndex, why) ?? otherFault(choice, packageIndex, why);
    return { image, choice, ...(fault && { fault }) };
  } catch (error) {
    if (!(error instanceof RegistrarError)) throw error;
    return { image, fault: { severity: "error", id: `${error.code} ${image}`, findingOf: () => error.finding } };
  }
}

function pipFault(
  { pipOnly: settings }: IndexChoice,
  packageIndex: string | undefined,
  why: string,
): JudgedImage["fault"] {
  if (settings.length === 0) return undefined;
  const pipOnly = settings.map(({ name }) => name);
  const ofPip = settings.find(({ concern }) => concern === "index");
  const isIndex = ofPip !== undefined;
  const index = packageIndex ?? (isIndex ? shownAddress(ofPip.value) : "<URL>");
  return {
    severity: "warning",
    id: JSON.stringify([pipOnly, index]),
    findingOf: (images) => finding("warning", "index-unread-by-uv", { images, pipOnly, index, isIndex }, why),
  };
}

function otherFault(choice: IndexChoice, packageIndex: string | undefined, why: string): JudgedImage["fault"] {
  if (packageIndex === undefined) return undefined;
  const index = shownAddress(packageIndex);
  const { default: chosen, additional } = choice;
  if ([chosen, ...additional].some((one) => one && shownAddress(one.url) === index)) return undefined;
  const used = indexText(choice);
  const source = sourceText(choice);
  return {
    severity: "warning",
    id: JSON.stringify([used, source]),
    findingOf: (images) => finding("warning", "index-not-used", { images, index, used, source }, why),
  };
}

/** `https://artifacts.example.com/simple`, `PyPI` */
function indexText({ default: chosen, isPublic }: IndexChoice): string {
  if (isPublic) return publicIndex.name;
  return chosen ? shownAddress(chosen.url) : "no index";
}

function sourceText({ default: chosen, isPublic }: IndexChoice): string {
  if (isPublic) return "the image names none for uv";
  return chosen ? chosen.source : "no-index in uv's configuration";
}

/** `image: https://artifacts.example.com/simple (UV_INDEX_URL)` */
export function choiceText({ image, choice }: ImageChoice): string {
  const overrides = choice.overridesUsers ? "; it overrides with_pip_packages(index_url=…)" : "";
  return `${image}: ${indexText(choice)} (${sourceText(choice)}${overrides})`;
}

/** One finding for all images: that of the first fault, errors before warnings; its reason mentions the others. */
export function findingOfImages(judged: readonly JudgedImage[]): Finding | undefined {
  const faulty = judged.flatMap(({ image, fault }) => (fault ? { image, ...fault } : []));
  const isError = ({ severity }: { severity: Finding["severity"] }) => severity === "error";
  const groups = [
    ...Map.groupBy([...faulty.filter(isError), ...faulty.filter((one) => !isError(one))], ({ id }) => id),
  ];
  const findings = groups.flatMap(([, group]) => {
    const images = group.map(({ image }) => image);
    return group[0] ? { images, found: group[0].findingOf(images) } : [];
  });
  const [first, ...others] = findings;
  const also = others.map(({ images, found }) => `also ${found.code}: ${images.join(", ")}`);
  return first && { ...first.found, why: [first.found.why, ...also].filter((text) => text !== "").join("; ") };
}
