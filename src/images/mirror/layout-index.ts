import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { problem } from "../../findings/registrar-error.ts";

// A folder in the OCI image layout (github.com/opencontainers/image-spec, image-layout.md) that holds a whole set of images.
// index.json names an image only once all that belongs to it is in place, and is replaced by a rename.

/** The annotation with the reference of an image. */
const referenceAnnotation = "org.opencontainers.image.ref.name";
/** Where the image is to be in a mirror: `build-image`, `library/python`. */
const pathAnnotation = "image-builder-registrar.union.ai/mirror-path";

const descriptorSchema = z.looseObject({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  size: z.int().min(0),
  annotations: z.record(z.string(), z.string()).optional(),
});
const indexSchema = z.looseObject({ schemaVersion: z.literal(2), manifests: z.array(descriptorSchema) });

/** A manifest or an index in a layout. */
export type LayoutDescriptor = z.output<typeof descriptorSchema>;

/** An image of a layout. */
export interface LayoutImage {
  /** Where it was copied from: `docker.io/library/python:3.12-slim`. */
  reference: string;
  /** Path of its repository in a mirror, as far as it is written down. */
  mirrorPath: string | undefined;
  descriptor: LayoutDescriptor;
}

/**
 * The images of a layout; none if the folder is empty or not there.
 * @throws {RegistrarError} mirror-layout-unusable
 */
export function imagesOfLayout(folder: string): LayoutImage[] {
  return manifestsOf(folder).flatMap((descriptor) => {
    const reference = descriptor.annotations?.[referenceAnnotation];
    if (reference === undefined) return [];
    return [{ reference, mirrorPath: descriptor.annotations?.[pathAnnotation], descriptor }];
  });
}

/**
 * Names an image in a layout, instead of an earlier one of that reference. All at once, so that images which are copied at the
 * same time do not overwrite one another's names.
 * @throws {RegistrarError} mirror-layout-unusable
 */
export function nameInLayout(folder: string, { reference, mirrorPath, descriptor }: LayoutImage): void {
  const others = manifestsOf(folder).filter(({ annotations }) => annotations?.[referenceAnnotation] !== reference);
  const annotations = {
    [referenceAnnotation]: reference,
    ...(mirrorPath !== undefined && { [pathAnnotation]: mirrorPath }),
  };
  const { mediaType, digest, size } = descriptor;
  writeIndex(folder, [...others, { mediaType, digest, size, annotations }]);
}

/** Writes what makes a folder a layout with these images. */
export function writeIndex(folder: string, manifests: readonly LayoutDescriptor[]): void {
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "oci-layout"), `${JSON.stringify({ imageLayoutVersion: "1.0.0" })}\n`);
  const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests };
  replaceFile(join(folder, "index.json"), `${JSON.stringify(index, null, 2)}\n`);
}

function manifestsOf(folder: string): LayoutDescriptor[] {
  let text: string;
  try {
    text = readFileSync(join(folder, "index.json"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw problem("mirror-layout-unusable", { folder }, error);
  }
  try {
    return indexSchema.parse(JSON.parse(text)).manifests;
  } catch (error) {
    const why = error instanceof z.ZodError ? `index.json: ${z.prettifyError(error)}` : error;
    throw problem("mirror-layout-unusable", { folder }, why);
  }
}

/** A reader sees the file as it was or as it is now, also after a loss of power: a stick may be pulled out. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, "w");
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
