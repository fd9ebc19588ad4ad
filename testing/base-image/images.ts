import { type ImageRow, imageKit, type PythonParts } from "./image-kit.ts";
import { layerImages } from "./layer-images.ts";
import { linkImages } from "./link-images.ts";
import { makersImages } from "./makers-images.ts";
import { variableImages } from "./variable-images.ts";
import { venvImages } from "./venv-images.ts";

/** Images with a Python, and what builds find in them, which is what uv finds: test/uv/ asks it. */
export function imagesOf(parts: PythonParts): ImageRow[] {
  const kit = imageKit(parts);
  return [makersImages, variableImages, layerImages, linkImages, venvImages].flatMap((images) => images(kit));
}
