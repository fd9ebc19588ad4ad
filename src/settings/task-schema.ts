import * as z from "zod";
import { identifier, imageReference, nonEmptyText, objectName, text } from "./field-types.ts";
import { environmentVariableSchema, pullSecretSchema, resourcesSchema, tolerationSchema } from "./kubernetes-types.ts";

const stringMap = z.record(nonEmptyText, text);

const podTemplateSchema = z.strictObject({
  labels: stringMap.default({}).meta({ description: "Labels of build pods", examples: [{ team: "platform" }] }),
  annotations: stringMap
    .default({})
    .meta({ description: "Annotations of build pods", examples: [{ "sidecar.istio.io/inject": "false" }] }),
  nodeSelector: stringMap
    .default({})
    .meta({ description: "Node selector of build pods", examples: [{ "kubernetes.io/arch": "amd64" }] }),
  tolerations: z
    .array(tolerationSchema)
    .default([])
    .meta({ description: "Tolerations of build pods", examples: [[{ key: "builds", operator: "Exists" }]] }),
  resources: resourcesSchema
    .prefault({})
    .meta({ description: "Resources of the build container", examples: [{ limits: { memory: "4Gi" } }] }),
  serviceAccountName: objectName
    .optional()
    .meta({ description: "Service account of build pods", examples: ["image-builder"] }),
  imagePullSecrets: z
    .array(pullSecretSchema)
    .default([])
    .meta({ description: "Pull secrets of build pods", examples: [[{ name: "mirror" }]] }),
  env: z
    .array(environmentVariableSchema)
    .default([])
    .meta({
      description: "Additional environment variables of the build container",
      examples: [[{ name: "TZ", value: "UTC" }]],
    }),
});

/** What writes a definition: this program, or the flyte CLI for a control plane that accepts no other client. */
const writers = ["api", "flyte"] as const;

/** Where Union publishes build-image and frontend-v2. */
export const unionImagePrefix = "public.ecr.aws/g1m2l3c1/imagebuilder-staging";

/** The Python SDK reads this as one of its own base images. */
const reservedImage = "auto";

/** What is registered. */
export const taskSchema = z
  .strictObject({
    project: identifier.default("system").meta({ description: "Project of the task", examples: ["system"] }),
    domain: identifier.default("production").meta({
      description: "Domain of the task; other than production, SDK users need FLYTE_IMAGEBUILDER_TASK_DOMAIN",
      examples: ["production"],
    }),
    imageNamePrefix: imageReference.default(unionImagePrefix).meta({
      description: "Where build-image and frontend-v2 are pulled from",
      examples: ["registry.example.com/union"],
    }),
    images: z
      .strictObject({
        buildImage: imageReference
          .refine((value) => value !== reservedImage, "is reserved by the flyte SDK")
          .optional()
          .meta({
            description: "Full reference of build-image, for mirrors with other names",
            examples: ["registry.example.com/union-build-image:2026.3.4"],
          }),
        frontend: imageReference.optional().meta({
          description: "Full reference of frontend-v2",
          examples: ["registry.example.com/union-frontend-v2:2026.3.4"],
        }),
      })
      .prefault({}),
    logLevel: z
      .union([z.int(), z.string().regex(/^\d+$/).transform(Number)], "is not a whole number")
      .pipe(z.int().min(0, "is below 0").max(6, "is above 6"))
      .default(5)
      .meta({ description: "Log level of the build task, 0 (panic) to 6 (trace)", examples: [5] }),
    configMapName: objectName.default("build-image-config").meta({
      description: "ConfigMap of the build pods; its name in the data plane chart",
      examples: ["build-image-config"],
    }),
    podTemplate: podTemplateSchema.prefault({}),
    templateFile: nonEmptyText.optional().meta({
      description: "Your own build_image_task.yaml.hbs instead of the built-in one",
      examples: ["/etc/registrar/build_image_task.yaml.hbs"],
    }),
    deployWith: z
      .enum(writers)
      .default("api")
      .meta({
        description:
          "What registers it: this program (api), or the flyte CLI (flyte) for a control plane that accepts no other client",
        examples: ["flyte"],
      }),
  })
  .refine(({ templateFile, deployWith }) => templateFile === undefined || deployWith === "api", {
    path: ["templateFile"],
    error: "cannot be combined with task.deployWith flyte, which deploys Python; set that to api",
  });

export type PodTemplate = z.output<typeof podTemplateSchema>;
