import * as z from "zod";

/** YAML or JSON within an annotation. */
const embedded = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(schema);
const url = z.url({ protocol: /^https$/ });
const digest = /@sha256:[0-9a-f]{64}$/;

/** What Artifact Hub takes: https://artifacthub.io/docs/topics/annotations/helm/. An unknown key of its own is a mistyped one. */
const annotations = z
  .strictObject({
    "artifacthub.io/license": z.literal("Apache-2.0"),
    "artifacthub.io/category": z.enum([
      "ai-machine-learning",
      "database",
      "integration-delivery",
      "monitoring-logging",
      "networking",
      "security",
      "skip-prediction",
      "storage",
      "streaming-messaging",
    ]),
    "artifacthub.io/images": embedded(
      z
        .array(z.strictObject({ name: z.string(), image: z.string().regex(digest), platforms: z.array(z.string()) }))
        .min(1),
    ),
    "artifacthub.io/changes": embedded(z.array(z.string().min(1)).min(1)),
    "artifacthub.io/prerelease": z.enum(["true", "false"]),
    "artifacthub.io/links": embedded(z.array(z.strictObject({ name: z.string(), url })).min(1)).optional(),
  })
  .readonly();

const metadata = z.strictObject({
  apiVersion: z.literal("v2"),
  name: z.literal("image-builder-registrar"),
  description: z.string().min(1),
  type: z.literal("application"),
  version: z.string(),
  appVersion: z.string(),
  kubeVersion: z.string(),
  keywords: z.array(z.string()).min(1),
  maintainers: z.array(z.strictObject({ name: z.string() })).min(1),
  home: url.optional(),
  sources: z.array(url).optional(),
  icon: url.optional(),
  annotations,
});

/**
 * Checks the Chart.yaml of a chart that is to be published.
 * @throws {Error} that says what is wrong with which key
 */
export function lintMetadata(chart: unknown): void {
  const { error, data } = metadata.safeParse(chart);
  if (error) throw new Error(`Chart.yaml: ${z.prettifyError(error)}`);
  if (data.version !== data.appVersion) throw new Error("Chart.yaml: version and appVersion differ");
}
