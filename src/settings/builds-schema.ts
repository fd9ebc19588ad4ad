import * as z from "zod";
import { imageReference, nonEmptyText } from "./field-types.ts";

/** A Python version as users ask for it: `3.12`. */
export const pythonVersion = nonEmptyText.refine(
  (value) => /^3\.\d{1,2}$/.test(value),
  "is not a Python version such as 3.12",
);

/** A version of the flyte SDK. */
export const sdkVersion = nonEmptyText.refine(
  (value) => /^\d+\.\d+\.\d+[A-Za-z0-9.]*$/.test(value),
  "is not a version of the flyte SDK such as 2.12.1",
);

const baseImageSchema = z.strictObject({ image: imageReference, python: z.array(pythonVersion).default([]) });

/** The address of a package index: where builds get Python packages. Credentials in it would be in a ConfigMap. */
const indexUrl = nonEmptyText
  .refine((value) => /^https?:\/\/[^/\s?#]+/.test(value) && URL.canParse(value), "is not an http:// or https:// URL")
  .refine((value) => {
    const url = URL.parse(value);
    return url === null || (url.username === "" && url.password === "");
  }, "contains a user name or password, which everybody can read who can read this setting");

/** What the images of users are made from; for `check` and `images`. */
export const buildsSchema = z.strictObject({
  baseImages: z
    .array(baseImageSchema)
    .default([])
    .meta({
      description: "Images that users build on, each with the Python versions that they ask for; else pythonVersions",
      examples: [[{ image: "registry.example.com/python:3.12-slim", python: ["3.12"] }]],
    }),
  pythonVersions: z
    .array(pythonVersion)
    .default([])
    .meta({ description: "Python versions of users' images", examples: [["3.12", "3.13"]] }),
  sdkVersion: sdkVersion.optional().meta({
    description: "Version of users' flyte SDK: with pythonVersions, it names the SDK's default base images",
    examples: ["2.12.1"],
  }),
  packageIndex: indexUrl.optional().meta({
    description: "Python package index that builds are to use instead of the public one",
    examples: ["https://artifacts.example.com/api/pypi/pypi/simple"],
  }),
  architecture: z
    .enum(["amd64", "arm64"])
    .optional()
    .meta({
      description: "Architecture of buildkit's nodes; else buildkit is asked for it",
      examples: ["arm64"],
    }),
});

export type BuildsSettings = z.output<typeof buildsSchema>;
