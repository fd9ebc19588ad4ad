import { create, toBinary } from "@bufbuild/protobuf";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import type { BuildPlan } from "./build-plan.ts";

/** The variable that makes each image another one, so that no cache of a layer answers for buildkit or the index. */
const variable = "IMAGE_BUILDER_REGISTRAR_SMOKE";

/**
 * The image as the task reads it from its input `spec`: the variable first, so that what is installed after it is installed
 * anew.
 * @param nonce another text for each build
 */
export function imageSpecOf(plan: BuildPlan, nonce: string): Uint8Array {
  const { baseImage, pythonVersion, packages, packageIndex } = plan;
  const environment = { layer: { case: "env" as const, value: { envVariables: { [variable]: nonce } } } };
  const options = packageIndex === undefined ? {} : { indexUrl: packageIndex };
  const pip = { layer: { case: "pipPackages" as const, value: { packages: [...packages], options } } };
  const layers = packages.length > 0 ? [environment, pip] : [environment];
  return toBinary(ImageSpecSchema, create(ImageSpecSchema, { baseImage, pythonVersion, layers }));
}
