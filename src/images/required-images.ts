import { contextOf } from "../definition/context.ts";
import { formatImageReference, type ImageReference, parseImageReference } from "../registry/image-reference.ts";
import type { BuildsSettings } from "../settings/builds-schema.ts";
import type { Settings } from "../settings/schema.ts";
import { defaultBaseImage } from "./default-base-image.ts";
import { type ImageList, type ImageRole, type LeftOut, pullsOf, type RequiredImage } from "./required-image.ts";
import { uvRepository, whyUvIsPulled } from "./uv-image.ts";

/** What determines which images are required. */
export interface ImageDemand extends Pick<Settings, "task" | "release"> {
  appVersion: string;
  builds: Pick<BuildsSettings, "baseImages" | "pythonVersions" | "sdkVersion">;
  /** The registrar's own image; nothing in the settings says where it is. */
  registrarImage: string | undefined;
}

/** Default of the data plane chart 2026.8.3. */
const buildkitImage = "docker.io/moby/buildkit:buildx-stable-1";
/** The init container that writes secrets to files. Default of flyte's webhook in the data plane chart 2026.8.3. */
const secretsImage = "public.ecr.aws/docker/library/busybox:latest";

/** The images that remote builds of an appVersion require, in the order in which builds meet them. */
export function requiredImages(demand: ImageDemand): ImageList {
  const { buildImage, frontend } = contextOf(demand).images;
  const [uv, base] = [uvImages(demand), baseImages(demand)];
  const images = [
    image("build-image", buildImage),
    image("frontend", frontend),
    ...uv.images,
    ...base.images,
    image("buildkit", buildkitImage, "If buildkit runs rootless, it is buildx-stable-1-rootless."),
    image("build-secrets", secretsImage),
    ...(demand.registrarImage === undefined ? [] : [image("registrar", demand.registrarImage)]),
  ];
  const own = {
    what: "the image of this program",
    fix: "Give --registrar-image, as the chart's image values name it.",
  };
  const leftOut = [...uv.leftOut, ...base.leftOut, ...(demand.registrarImage === undefined ? [own] : [])];
  return { images: withoutRepeated(images), leftOut };
}

function image(role: ImageRole, reference: string, note = ""): RequiredImage {
  return {
    role,
    reference: formatImageReference(parseImageReference(reference)),
    isTagKnown: true,
    ...pullsOf[role],
    note,
  };
}

/** Base images that are uv's own are those of frontend-v2, whose tags this program does not know. */
function uvImages({ appVersion, builds }: ImageDemand): ImageList {
  const why = whyUvIsPulled(appVersion);
  if (why === undefined) return { images: [], leftOut: [] };
  const given = builds.baseImages.filter((base) => isUv(parseImageReference(base.image)));
  if (given.length > 0) return { images: given.map((base) => image("uv", base.image, `It is ${why}.`)), leftOut: [] };
  const unknown: LeftOut = {
    what: `the tag of ${uvRepository}, which is inside of frontend-v2 and not public; it is ${why}`,
    fix: `Give --base-image ${uvRepository}:<tag>, with the tag that a build without access to it names.`,
  };
  const note = `It is ${why}. Its tag is inside of frontend-v2 and not public.`;
  const listed = { role: "uv" as const, reference: uvRepository, isTagKnown: false, ...pullsOf.uv, note };
  return { images: [listed], leftOut: [unknown] };
}

function isUv({ host, repository }: ImageReference): boolean {
  return `${host}/${repository}` === uvRepository;
}

function baseImages({ builds }: ImageDemand): ImageList {
  const { pythonVersions, sdkVersion } = builds;
  const given = builds.baseImages.map((base) => image("base", base.image));
  if (sdkVersion === undefined || pythonVersions.length === 0) {
    const what = "the SDK's default base images, ghcr.io/flyteorg/flyte:py<X.Y>-v<version>";
    return { images: given, leftOut: [{ what, fix: missingVersions(sdkVersion, pythonVersions) }] };
  }
  const defaults = pythonVersions.map((python) => {
    const note = `With install_flyte=False it is docker.io/library/python:${python}-slim-bookworm.`;
    return image("default-base", defaultBaseImage(python, sdkVersion), note);
  });
  return { images: [...defaults, ...given], leftOut: [] };
}

function missingVersions(sdkVersion: string | undefined, pythonVersions: readonly string[]): string {
  const flags = [
    ...(pythonVersions.length === 0 ? ["--python (builds.pythonVersions)"] : []),
    ...(sdkVersion === undefined ? ["--sdk-version (builds.sdkVersion)"] : []),
  ];
  return `Give ${flags.join(" and ")}, those of users' code.`;
}

function withoutRepeated(images: readonly RequiredImage[]): RequiredImage[] {
  return images.filter(({ reference }, index) => images.findIndex((other) => other.reference === reference) === index);
}
