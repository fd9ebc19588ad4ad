import * as z from "zod";
import { pythonVersion } from "./builds-schema.ts";
import { duration, imageReference, nonEmptyText } from "./field-types.ts";

const projectAndDomain = nonEmptyText.refine(
  (value) => /^[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(value),
  "is not <project>/<domain>, such as flytesnacks/development",
);

/** A Python requirement, as SDK users give it; a leading dash would be an option of the installer. */
const requirement = nonEmptyText.refine(
  (value) => /^[A-Za-z0-9][^\s;]*$/.test(value),
  "is not a Python package such as six or six==1.17.0",
);

/** The image that `verify --build` builds. */
export const buildSchema = z.strictObject({
  projects: z
    .array(projectAndDomain)
    .default([])
    .meta({
      description:
        "Projects and domains to build in, one after another, such as those of users; default: the task's own",
      examples: [["flytesnacks/development"]],
    }),
  baseImage: imageReference.optional().meta({
    description:
      "Image to build on; else the first of builds.baseImages, else the SDK's default one if builds.sdkVersion is set, else python:<pythonVersion>-slim",
    examples: ["registry.example.com/python:3.12-slim"],
  }),
  pythonVersion: pythonVersion.optional().meta({
    description: "Python version of the image; else the first of builds, else 3.12",
    examples: ["3.12"],
  }),
  packages: z
    .array(requirement)
    .default(["peppercorn"])
    .meta({
      description:
        "Python packages to install, which proves index, uv and interpreter; [] sets an environment variable only, which is faster",
      examples: [["six==1.17.0"]],
    }),
  registry: imageReference.optional().meta({
    description: "Repository prefix to push to; else the data plane's default repository",
    examples: ["123456789012.dkr.ecr.us-east-1.amazonaws.com/union"],
  }),
  tag: z
    .enum(["reuse", "unique"])
    .default("reuse")
    .meta({
      description: "reuse: one tag, which each build replaces. unique: a new tag each time, for immutable repositories",
      examples: ["unique"],
    }),
  timeout: duration.prefault("10m").meta({
    description: "One build, after which it is aborted; pulling images may take minutes on a new node",
    examples: ["10m"],
  }),
});
