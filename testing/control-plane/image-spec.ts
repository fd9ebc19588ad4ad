import { fromBinary } from "@bufbuild/protobuf";
import { type ImageSpec, ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";

/** What was uploaded, as an image's spec; undefined if it is none. */
export function parseImageSpec(content: Uint8Array): ImageSpec | undefined {
  try {
    return fromBinary(ImageSpecSchema, content);
  } catch {
    return undefined;
  }
}
