import { problem } from "../findings/registrar-error.ts";
import { formatImageReference, type ImageReference, parseImageReference } from "../registry/image-reference.ts";
import { unionImagePrefix } from "../settings/task-schema.ts";
import { type MirrorRegistry, repositoryBelow } from "./mirror-target.ts";
import type { ImageRole, RequiredImage } from "./required-image.ts";

/** An image, where it is copied from and where to. */
export interface PlannedCopy {
  image: RequiredImage;
  source: ImageReference;
  target: ImageReference;
  /** The image is of the target's registry already. */
  isInPlace: boolean;
}

/** Images that values move by their names alone. */
const unionNames: Partial<Record<ImageRole, string>> = { "build-image": "build-image", frontend: "frontend-v2" };

/**
 * Where each image is in a mirror. Union's images are known by their names, so that `task.imageNamePrefix` moves them; all
 * others keep the path of their repository, since buildkit asks a mirror of `ghcr.io` for `ghcr.io/a/b` by `<mirror>/a/b`
 * (measured with buildkit 0.34.2).
 * @throws {RegistrarError} mirror-targets-collide
 */
export function planMirror(images: readonly RequiredImage[], registry: MirrorRegistry): PlannedCopy[] {
  const copies = images.map((image) => planCopy(image, registry));
  const places = new Map<string, PlannedCopy>();
  for (const copy of copies) {
    const target = formatImageReference(copy.target);
    const earlier = places.get(target);
    if (earlier) {
      const [image, other] = [formatImageReference(earlier.source), formatImageReference(copy.source)];
      throw problem("mirror-targets-collide", { image, other, target });
    }
    places.set(target, copy);
  }
  return copies;
}

function planCopy(image: RequiredImage, registry: MirrorRegistry): PlannedCopy {
  const known = parseImageReference(image.reference);
  const reference = image.isTagKnown ? known : { ...known, tag: undefined };
  const name = unionNames[image.role];
  const target = { ...reference, ...repositoryBelow(registry, name ?? reference.repository) };
  if (reference.host !== registry.host) return { image, source: reference, target, isInPlace: false };
  // The settings name the mirror already: a new appVersion comes from where Union publishes it.
  if (name !== undefined && reference.repository === target.repository) {
    const origin = parseImageReference(`${unionImagePrefix}/${name}`);
    return {
      image,
      source: { ...reference, host: origin.host, repository: origin.repository },
      target,
      isInPlace: false,
    };
  }
  return { image, source: reference, target: reference, isInPlace: true };
}
