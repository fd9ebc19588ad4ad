import { fromBinary, toJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import { settingsSchema } from "../../src/settings/schema.ts";
import { planBuild } from "../../src/smoke-build/build-plan.ts";
import { imageSpecOf } from "../../src/smoke-build/image-spec.ts";

const images = { buildImage: "b:1", frontend: "f:1" };
const specOf = (settings: object, nonce = "n1") => {
  const plan = planBuild(settingsSchema.parse(settings), images, () => 0);
  return toJson(ImageSpecSchema, fromBinary(ImageSpecSchema, imageSpecOf(plan, nonce)));
};
const environment = (nonce: string) => ({ env: { envVariables: { IMAGE_BUILDER_REGISTRAR_SMOKE: nonce } } });

test("an image has a variable of its own, and packages after it, so that no cached layer answers for the index", () => {
  expect(specOf({ build: { packages: ["six==1.17.0"] } }, "n2")).toEqual({
    baseImage: "python:3.12-slim",
    pythonVersion: "3.12",
    layers: [environment("n2"), { pipPackages: { packages: ["six==1.17.0"], options: {} } }],
  });
});

test("an image without packages has the variable alone", () => {
  expect(specOf({ build: { packages: [] } })).toMatchObject({ layers: [environment("n1")] });
});

test("packages come from the index that users name", () => {
  const packageIndex = "https://index.example.com/simple";
  expect(specOf({ builds: { packageIndex } })).toMatchObject({
    layers: [environment("n1"), { pipPackages: { options: { indexUrl: packageIndex } } }],
  });
});
