import { problem } from "../../findings/registrar-error.ts";
import { formatImageReference, parseImageReference } from "../../registry/image-reference.ts";
import { type MirrorTarget, repositoryBelow } from "../mirror-target.ts";
import { planMirror } from "../plan-mirror.ts";
import type { RequiredImage } from "../required-image.ts";
import type { Copy } from "./copy-image.ts";
import { imagesOfLayout } from "./layout-index.ts";

/** A place of all registries: the repository below it is the path in a mirror. */
const anywhere = { host: "", prefix: "" };

/**
 * The copies that bring images to a mirror, or into a layout; those without a known tag are left out.
 * @throws {RegistrarError} mirror-targets-collide, image-reference-malformed
 */
export function planCopies(images: readonly RequiredImage[], target: MirrorTarget): Copy[] {
  const known = images.filter(({ isTagKnown }) => isTagKnown);
  if (target.kind === "registry") {
    return planMirror(known, target.registry).map((planned) => ({
      way: "between registries",
      source: planned.source,
      target: planned.target,
    }));
  }
  const { folder } = target;
  return planMirror(known, anywhere).map(({ source, target: { repository } }) => {
    const place = { folder, reference: formatImageReference(source), mirrorPath: repository };
    return { way: "into a layout", source, target: place };
  });
}

/**
 * The copies that bring all images of a layout to a mirror.
 * @throws {RegistrarError} mirror-layout-unusable: also if it has no images; image-reference-malformed
 */
export function planCopiesFrom(folder: string, { registry }: Extract<MirrorTarget, { kind: "registry" }>): Copy[] {
  const images = imagesOfLayout(folder);
  if (images.length === 0)
    throw problem("mirror-layout-unusable", { folder }, "index.json is not there or names no image");
  return images.map((image) => {
    const reference = parseImageReference(image.reference);
    const repository = repositoryBelow(registry, image.mirrorPath ?? reference.repository);
    return { way: "from a layout", source: { folder, image }, target: { ...reference, ...repository } };
  });
}
