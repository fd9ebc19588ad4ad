// The schema of the chart's values. Strict, so that a value that means nothing is an error and not a surprise.
import * as z from "zod";
import { checkCommand } from "../src/commands/check/check-command.ts";
import { registerCommand } from "../src/commands/register/register-command.ts";
import type { Flag } from "../src/commands/shell/command.ts";
import { verifyCommand } from "../src/commands/verify/verify-command.ts";
import { buildSchema } from "../src/settings/build-schema.ts";
import { buildsSchema } from "../src/settings/builds-schema.ts";
import { leavesOfSettings } from "../src/settings/leaves.ts";
import { flagOf } from "../src/settings/names.ts";
import { networkSchema } from "../src/settings/network-schema.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { taskSchema } from "../src/settings/task-schema.ts";

const kubernetesObject = z.record(z.string(), z.unknown());
const kubernetesObjects = z.array(kubernetesObject);
const text = z.string();
const stringMap = z.record(z.string(), text);
/** Inherited where it is null: false says something else than nothing. */
const inheritedSwitch = z.boolean().nullable();

/** The alerts of chart/templates/_alerts.tpl. */
const alertNames = [
  "ImageBuilderRegistrarJobFailed",
  "ImageBuilderRegistrarNotSucceeding",
  "ImageBuilderRegistrarOtherOwner",
  "ImageBuilderRegistrarBuildFailed",
] as const;
/** Settings that the chart gives each Job, so that the Job's values say which. */
const givenByChart = ["trigger", "policy", "release", "cluster"];
const flagsOfSettings = leavesOfSettings()
  .filter(({ path: [first = ""] }) => !givenByChart.includes(first))
  .map((leaf) => `${flagOf(leaf)}=`);
/** Every Job gets them, so each command must know them: an unknown flag would end a hook before it can warn. */
const flagsOfAll = ownFlags(registerCommand).filter((flag) =>
  [verifyCommand, checkCommand].every((command) => ownFlags(command).includes(flag)),
);

const failurePolicy = z.enum(["fail", "warn"]);

const valuesSchema = z
  .strictObject({
    /** Helm hands a parent's globals to every dependency. */
    global: kubernetesObject,
    enabled: z.boolean(),
    standalone: z.boolean(),
    nameOverride: text,
    fullnameOverride: text,
    commonLabels: stringMap,
    appVersion: text,
    appVersionFrom: z.string().regex(/^$|^deployment\/|\{\{/),
    clusterName: text,
    role: z.enum(["owner", "member"]),
    failurePolicy,
    whenNewer: z.enum(["keep", "replace", "fail"]),
    ensureProject: z.boolean(),
    controlPlane: strict({
      endpoint: text,
      org: text,
      insecure: inheritedSwitch,
      insecureSkipVerify: inheritedSwitch,
    }),
    auth: strict({
      type: z.enum(["", "none", "clientSecret", "apiKey"]),
      clientId: text,
      existingSecret: text,
      existingSecretKey: text,
      scopes: z.array(text.min(1)),
    }),
    caBundle: strict({ configMap: text, secret: text, key: text.min(1) }),
    proxy: strict({ url: text, noProxy: text }),
    task: taskSchema,
    timeouts: strict({ controlPlane: text, flyte: text }),
    hooks: strict({
      install: z.boolean(),
      upgrade: z.boolean(),
      rollback: z.boolean(),
      test: z.boolean(),
      annotations: stringMap,
      plain: z.boolean(),
    }),
    cronJob: strict({ enabled: z.boolean(), schedule: text, lookAgainAfter: text, failurePolicy }),
    manual: strict({ enabled: z.boolean() }),
    check: strict({
      enabled: z.boolean(),
      buildNamespaceSelector: text,
      buildNamespaces: z.array(text.min(1)),
      serviceAccount: text,
      extraArgs: argumentsOf(ownFlags(checkCommand)),
    }),
    build: buildSchema,
    buildCronJob: strict({ enabled: z.boolean(), schedule: text }),
    test: strict({ build: strict({ enabled: z.boolean(), timeout: text.min(1) }) }),
    builds: buildsSchema,
    network: networkSchema,
    registry: strict({
      existingSecret: text,
      sendToBuildkit: z.boolean(),
      mirrors: stringMap,
      insecureHosts: z.array(text.min(1)),
    }),
    activeDeadlineSeconds: z.int().min(60),
    backoffLimit: z.int().min(0),
    ttlSecondsAfterFinished: z.int().min(0).nullable(),
    image: strict({
      registry: text,
      defaultRegistry: text,
      repository: text.min(1),
      tag: text.min(1),
      digest: text,
      pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]),
    }),
    imagePullSecrets: z.array(z.strictObject({ name: text })),
    resources: kubernetesObject,
    nodeSelector: stringMap,
    tolerations: kubernetesObjects,
    affinity: kubernetesObject,
    topologySpreadConstraints: kubernetesObjects,
    priorityClassName: text,
    runtimeClassName: text,
    dnsPolicy: z.enum(["", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    dnsConfig: kubernetesObject,
    hostAliases: kubernetesObjects,
    podLabels: stringMap,
    podAnnotations: stringMap,
    podSecurityContext: kubernetesObject,
    securityContext: kubernetesObject,
    extraArgs: argumentsOf([...flagsOfAll, ...flagsOfSettings]),
    extraEnv: z.array(z.looseObject({ name: text })),
    extraEnvFrom: kubernetesObjects,
    extraVolumes: kubernetesObjects,
    extraVolumeMounts: kubernetesObjects,
    serviceAccount: strict({ create: z.boolean(), name: text, annotations: stringMap }),
    rbac: strict({ create: z.boolean() }),
    logFormat: settingsSchema.shape.logFormat,
    cluster: strict({ enabled: z.boolean(), statusConfigMap: text.min(1) }),
    metrics: strict({
      prometheusRule: strict({
        enabled: z.boolean(),
        labels: stringMap,
        annotations: stringMap,
        additionalRuleLabels: stringMap,
        additionalRuleAnnotations: stringMap,
        disabled: z.partialRecord(z.enum(alertNames), z.boolean()),
        kubeStateMetricsSelector: text,
        runbookUrl: text,
      }),
      dashboard: strict({ enabled: z.boolean(), labels: stringMap, annotations: stringMap }),
    }),
    networkPolicy: strict({ enabled: z.boolean(), egressCidrs: z.array(text.min(1)), extraEgress: kubernetesObjects }),
    extraObjects: z.array(z.union([kubernetesObject, text.min(1)])),
  })
  .partial();

/** Patterns of a command's flags that take a value and are no settings, but for files, which a pod does not keep. */
function ownFlags({ flags }: { flags: readonly Flag[] }): string[] {
  return flags.flatMap(({ syntax, choices }) => {
    const flag = /(--[a-z-]+) <(?!file)/.exec(syntax)?.[1];
    return flag === undefined ? [] : [`${flag}=${choices ? `(${choices.join("|")})$` : ""}`];
  });
}

/** Arguments of the form --flag=value. */
function argumentsOf(patterns: readonly string[]) {
  return z.array(z.string().regex(new RegExp(`^(${patterns.join("|")})|\\{\\{`)));
}

function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape).partial();
}

/** The chart's `values.schema.json`. */
export function chartValuesSchema(): object {
  const schema = z.toJSONSchema(valuesSchema, {
    io: "input",
    // A text may be a template, and defaults are told by values.yaml.
    override: ({ jsonSchema }) => {
      delete jsonSchema.maxLength;
      delete jsonSchema.default;
    },
  });
  return { title: "Values of the chart image-builder-registrar", ...schema };
}
