import * as z from "zod";
import {
  appVersion,
  duration,
  holdsOnlyText,
  identifier,
  imageReference,
  nonEmptyText,
  objectName,
  text,
} from "./field-types.ts";

// Every leaf carries a description and an example: the flags, the environment variables, docs/settings.md, the JSON
// schema and the messages about wrong settings are all made from them.

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({
    type: z.literal("clientSecret"),
    clientId: nonEmptyText.meta({ description: "OAuth 2 client id", examples: ["dataplane-operator"] }),
    clientSecretFile: nonEmptyText.meta({
      description: "File that holds the client secret; white space around it is ignored",
      examples: ["/etc/union/secret/client_secret"],
    }),
  }),
  z.strictObject({
    type: z.literal("apiKey"),
    apiKeyFile: nonEmptyText
      .optional()
      .meta({ description: "File that holds the API key; else FLYTE_API_KEY", examples: ["/etc/registrar/api-key"] }),
  }),
  z.strictObject({
    type: z.literal("externalCommand"),
    command: z
      .array(nonEmptyText)
      .min(1, "is empty")
      .meta({ description: "Program and arguments that print a token", examples: [["uctl", "get-token"]] }),
  }),
]);

const controlPlane = z.strictObject({
  endpoint: nonEmptyText.optional().meta({
    description: "Address of the control plane: dns:///host, host, host:port, https://… or http://…",
    examples: ["dns:///union.example.com"],
  }),
  org: identifier
    .optional()
    .meta({ description: "Organisation; never guessed from the host name", examples: ["acme"] }),
  insecure: z
    .boolean()
    .default(false)
    .meta({
      description: "Plain HTTP without TLS; no token is sent then, as the flyte CLI does",
      examples: [true],
    }),
  insecureSkipVerify: z
    .boolean()
    .default(false)
    .meta({
      description: "Accept any server certificate when reading; the flyte CLI accepts only a self-signed one",
      examples: [true],
    }),
  caFile: nonEmptyText.optional().meta({
    description: "PEM file of certificate authorities to trust besides the public ones, for API and token endpoint",
    examples: ["/etc/registrar/ca.crt"],
  }),
  proxy: z
    .url({ protocol: /^https?$/, error: "is not an http:// or https:// URL" })
    .optional()
    .meta({ description: "HTTP proxy; else HTTPS_PROXY", examples: ["http://proxy:3128"] }),
  noProxy: text
    .optional()
    .meta({ description: "Hosts reached without the proxy; else NO_PROXY", examples: [".svc,10.0.0.0"] }),
  auth: auth.default({ type: "none" }).meta({ description: "How to authenticate", examples: [{ type: "none" }] }),
});

const kubernetesObject = z.record(z.string(), z.json()).refine(holdsOnlyText, "holds text that is not well-formed");
const stringMap = z.record(nonEmptyText, text);

const podTemplate = z.strictObject({
  labels: stringMap.default({}).meta({ description: "Labels of build pods", examples: [{ team: "platform" }] }),
  annotations: stringMap
    .default({})
    .meta({ description: "Annotations of build pods", examples: [{ "sidecar.istio.io/inject": "false" }] }),
  nodeSelector: stringMap
    .default({})
    .meta({ description: "Node selector of build pods", examples: [{ "kubernetes.io/arch": "amd64" }] }),
  tolerations: z
    .array(kubernetesObject)
    .default([])
    .meta({ description: "Tolerations of build pods", examples: [[{ key: "builds", operator: "Exists" }]] }),
  resources: kubernetesObject
    .default({})
    .meta({ description: "Resources of the build container", examples: [{ limits: { memory: "4Gi" } }] }),
  serviceAccountName: objectName
    .optional()
    .meta({ description: "Service account of build pods", examples: ["image-builder"] }),
  imagePullSecrets: z
    .array(z.strictObject({ name: objectName }))
    .default([])
    .meta({ description: "Pull secrets of build pods", examples: [[{ name: "mirror" }]] }),
  env: z
    .array(z.looseObject({ name: nonEmptyText }).and(kubernetesObject))
    .default([])
    .meta({ description: "More environment of the build container", examples: [[{ name: "TZ", value: "UTC" }]] }),
});

const task = z.strictObject({
  project: identifier.default("system").meta({ description: "Project of the task", examples: ["system"] }),
  domain: identifier.default("production").meta({
    description: "Domain of the task; SDK users then need FLYTE_IMAGEBUILDER_TASK_DOMAIN when it is not production",
    examples: ["production"],
  }),
  imageNamePrefix: imageReference.default("public.ecr.aws/g1m2l3c1/imagebuilder-staging").meta({
    description: "Where build-image and frontend-v2 are pulled from",
    examples: ["registry.example.com/union"],
  }),
  images: z
    .strictObject({
      buildImage: imageReference.optional().meta({
        description: "Full reference of build-image, for mirrors that name things their own way",
        examples: ["registry.example.com/build-image@sha256:…"],
      }),
      frontend: imageReference.optional().meta({
        description: "Full reference of frontend-v2",
        examples: ["registry.example.com/frontend-v2:2026.3.4"],
      }),
    })
    .prefault({}),
  logLevel: z
    .union([z.int(), z.string().regex(/^\d+$/).transform(Number)], "is not a whole number")
    .pipe(z.int().min(0, "is below 0").max(6, "is above 6"))
    .default(5)
    .meta({ description: "Log level of the build task, 0 (panic) to 6 (trace)", examples: [5] }),
  configMapName: objectName.default("build-image-config").meta({
    description: "ConfigMap that the build pods read; the operator's static name",
    examples: ["build-image-config"],
  }),
  podTemplate: podTemplate.prefault({}),
  templateFile: nonEmptyText.optional().meta({
    description: "Your own build_image_task.py.hbs instead of the one that comes with the program",
    examples: ["/etc/registrar/build_image_task.py.hbs"],
  }),
});

const policy = z.strictObject({
  failure: z
    .enum(["fail", "warn"])
    .default("fail")
    .meta({
      description: "warn ends a failed registration with exit code 0 after reporting it in full",
      examples: ["warn"],
    }),
  whenNewer: z
    .enum(["keep", "replace", "fail"])
    .default("keep")
    .meta({
      description: "What to do when another release has registered a newer appVersion",
      examples: ["keep"],
    }),
  ensureProject: z
    .boolean()
    .default(true)
    .meta({ description: "Create the project, or make it active again, where needed", examples: [true] }),
  force: z
    .boolean()
    .default(false)
    .meta({ description: "Replace a newer registration of another release, this once", examples: [true] }),
});

const timeouts = z.strictObject({
  total: duration
    .prefault("240s")
    .meta({ description: "The whole run; keep it below Helm's --timeout (5m)", examples: ["240s"] }),
  controlPlane: duration
    .prefault("120s")
    .meta({ description: "How long to retry a control plane that does not answer", examples: ["120s"] }),
  flyte: duration.prefault("60s").meta({ description: "One run of the flyte CLI", examples: ["60s"] }),
});

const triggers = ["install", "upgrade", "rollback", "manual", "schedule", "test"] as const;

/** All settings, as a `--config` file writes them; strict, so an unknown key is an error and not a surprise. */
export const settingsSchema = z.strictObject({
  appVersion: appVersion
    .optional()
    .meta({ description: "Release whose build-image to register; else appVersionFrom", examples: ["2026.3.4"] }),
  appVersionFrom: text
    .refine((value) => /^deployment\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value), "is not deployment/<name>")
    .optional()
    .meta({
      description: "Take appVersion from a running data plane: HELM_APP_VERSION of this Deployment's containers",
      examples: ["deployment/union-operator"],
    }),
  trigger: z
    .enum(triggers)
    .default("manual")
    .meta({ description: "Why this run happens", examples: ["upgrade"] }),
  release: z
    .strictObject({
      cluster: text.default("").meta({ description: "Name of the cluster", examples: ["prod-us"] }),
      namespace: text.default("").meta({ description: "Namespace of the Helm release", examples: ["union"] }),
      name: nonEmptyText
        .default("registrar")
        .meta({ description: "Name of the Helm release; the three sign what is registered", examples: ["dataplane"] }),
    })
    .prefault({}),
  controlPlane: controlPlane.prefault({}),
  task: task.prefault({}),
  policy: policy.prefault({}),
  timeouts: timeouts.prefault({}),
  flyteCommand: nonEmptyText
    .default("flyte")
    .meta({ description: "The flyte CLI: a name on PATH or a path", examples: ["/opt/flyte/bin/flyte"] }),
});

export type Settings = z.output<typeof settingsSchema>;
export type Auth = z.output<typeof auth>;
export type PodTemplate = z.output<typeof podTemplate>;
export type Trigger = (typeof triggers)[number];
export type Policy = z.output<typeof policy>;
