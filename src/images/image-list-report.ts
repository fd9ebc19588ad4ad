import * as z from "zod";
import { imageRoles } from "./required-image.ts";

const listedImage = z.strictObject({
  reference: z.string().meta({ description: "In full, with host and path; without a tag if that is not public" }),
  isTagKnown: z.boolean().meta({ description: "Whether the reference names one image; else it names a repository" }),
  role: z.enum(imageRoles).meta({ description: "What the image is for" }),
  pulledBy: z.enum(["kubelet", "buildkit"]),
  when: z.string().meta({ description: "When it is pulled" }),
  credentials: z.string().meta({ description: "With which credentials it is pulled" }),
  movedBy: z.string().meta({ description: "The value that makes builds pull it from elsewhere" }),
  note: z.string().meta({ description: "What else to know; may be empty" }),
  source: z.string().optional().meta({ description: "With --to: where it is copied from" }),
  target: z.string().optional().meta({ description: "With --to: where it is in the mirror" }),
});

/** What `images --format json` prints; docs/schemas/images.schema.json is generated from it. */
export const imageListReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  program: z.strictObject({ name: z.literal("image-builder-registrar"), version: z.string() }),
  command: z.literal("images"),
  appVersion: z.string(),
  images: z.array(listedImage),
  leftOut: z
    .array(z.strictObject({ what: z.string(), fix: z.string() }))
    .meta({ description: "What the list cannot name, and what to give so that it does" }),
  values: z
    .strictObject({
      registrarValues: z.string().meta({ description: "Values of the image-builder-registrar chart, as YAML" }),
      dataPlaneValues: z.string().meta({ description: "Values of the data plane chart, as YAML" }),
      buildkitdToml: z.string().meta({ description: "The part of buildkitd.toml that is in extraConfig there" }),
    })
    .optional()
    .meta({ description: "With --to: what to paste" }),
  repositoryCommands: z
    .array(z.string())
    .optional()
    .meta({ description: "With --to: commands that create the repositories, where a push does not (Amazon ECR)" }),
});

export type ImageListReport = z.output<typeof imageListReportSchema>;
