import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1CronJob,
  V1Deployment,
  V1Job,
  V1NetworkPolicy,
  V1Pod,
  V1PodSpec,
  V1PodTemplate,
  V1Role,
  V1RoleBinding,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import type { Settings } from "../../src/settings/schema.ts";

const repository = join(import.meta.dirname, "../..");
/** The chart itself, and the parent chart of the tests that embeds it. */
export const chart = join(repository, "chart");
/** The version of chart and program. */
export const { version }: { version: string } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
export const dataplane = join(import.meta.dirname, "dataplane");

/** The versions of Helm that every test of the chart runs under. */
export const helms = [3, 4] as const;
export type HelmMajor = (typeof helms)[number];

/** Values of a Helm release. */
export type Values = { [name: string]: unknown };

/** The least that the chart asks for when it is installed next to a data plane. */
export const leastValues: Values = {
  appVersion: "2026.8.3",
  clusterName: "prod-us",
  controlPlane: { endpoint: "dns:///cp.example.com", org: "acme" },
  auth: { clientId: "dataplane-operator" },
  image: { registry: "registry.example.com/union" },
};

/** What a data plane that works has set, and our switch. */
export const dataplaneValues: Values = {
  global: {
    CONTROLPLANE_HOST: "cp.example.com",
    CLUSTER_NAME: "prod-us",
    ORG_NAME: "acme",
    AUTH_CLIENT_ID: "dataplane-operator",
  },
  imageBuilderRegistrar: { enabled: true, image: { registry: "registry.example.com/union" } },
};

/** What the chart promises to work on; a Helm made by `go install` would otherwise take itself for an older one. */
export const oldestKubernetes = "1.28.0";

interface Kinds {
  ClusterRole: V1ClusterRole;
  ClusterRoleBinding: V1ClusterRoleBinding;
  ConfigMap: V1ConfigMap;
  CronJob: V1CronJob;
  Deployment: V1Deployment;
  Job: V1Job;
  NetworkPolicy: V1NetworkPolicy;
  Pod: V1Pod;
  PodTemplate: V1PodTemplate;
  Role: V1Role;
  RoleBinding: V1RoleBinding;
  ServiceAccount: V1ServiceAccount;
}
type KubernetesObject = {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
};

// Before any test has a deadline: the first time, both are built.
const binaries = { 3: await helmBinary(3), 4: await helmBinary(4) };

async function helmBinary(major: HelmMajor): Promise<string> {
  return (await execa(join(repository, "tools/helm.sh"), [`${major}`])).stdout;
}

/** Path of a Helm, for those who run it in a shell. */
export function helmProgram(major: HelmMajor): string {
  return binaries[major];
}

/** Runs Helm; never throws, since many tests are about what it refuses. */
export async function helm(major: HelmMajor, args: readonly string[], input = "") {
  // It ends before its garbage matters (60 MB), and collecting it is a quarter of its CPU time.
  return await execa(binaries[major], args, { input, reject: false, timeout: 50_000, env: { GOGC: "off" } });
}

const printed = new Map<string, ReturnType<typeof helm>>();

/**
 * What `helm template` prints for Helm release `reg` in namespace `union`. A test file that asks for the same again gets the same
 * run of Helm.
 */
export async function templated(major: HelmMajor, folder: string, values: Values, flags: readonly string[] = []) {
  const where = ["--namespace", "union", "--kube-version", oldestKubernetes];
  const args = ["template", "reg", folder, ...where, "--values", "-", ...flags];
  const key = JSON.stringify([major, args, values]);
  const run = printed.get(key) ?? helm(major, args, JSON.stringify(values));
  printed.set(key, run);
  return await run;
}

/** The objects of a Helm release. */
export async function rendered(major: HelmMajor, folder: string, values: Values, flags: readonly string[] = []) {
  const { stdout, stderr, exitCode } = await templated(major, folder, values, flags);
  if (exitCode !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** The objects of a kind. */
export function all<Kind extends keyof Kinds>(objects: readonly KubernetesObject[], kind: Kind): Kinds[Kind][] {
  return objects.filter((object) => object.kind === kind) as Kinds[Kind][];
}

/** The one object of a kind, or of a kind and the end of its name. */
export function one<Kind extends keyof Kinds>(objects: readonly KubernetesObject[], kind: Kind, end = ""): Kinds[Kind] {
  const [found, ...more] = all(objects, kind).filter((object) => object.metadata?.name?.endsWith(end));
  if (!found || more.length > 0) throw new Error(`${kind} …${end}: ${found ? "several" : "none"}`);
  return found;
}

/** What the pods of each CronJob run, by trigger and arguments. */
const runs = {
  scheduled: "schedule register",
  register: "manual register",
  force: "manual register --force",
  check: "manual check",
  build: "build verify --build",
};

/** One of the CronJobs. */
export function cronJob(objects: readonly KubernetesObject[], which: keyof typeof runs): V1CronJob {
  const [found, ...more] = all(objects, "CronJob").filter(
    ({ spec }) => runOf(podOf(spec?.jobTemplate)) === runs[which],
  );
  if (!found || more.length > 0) throw new Error(`CronJob ${which}: ${found ? "several" : "none"}`);
  return found;
}

/** Trigger and arguments of a pod: `manual register --force`. */
function runOf({ containers: [container] }: V1PodSpec): string {
  const trigger = container?.env?.find(({ name }) => name === "REGISTRAR_TRIGGER")?.value;
  return [trigger, ...(container?.args ?? [])].join(" ").replace(/ --config .*/, "");
}

/** The specification of the pods that run on a schedule. */
export function scheduledPod(objects: readonly KubernetesObject[]): V1PodSpec {
  return podOf(cronJob(objects, "scheduled").spec?.jobTemplate);
}

/** The specification of a Job's pods. */
export function podOf(job: Pick<V1Job, "spec"> | undefined): V1PodSpec {
  const spec = job?.spec?.template.spec;
  if (!spec) throw new Error("there is no pod");
  return spec;
}

/** The settings file as the program itself reads it: what chart and program must agree on. */
export function settingsOf(objects: readonly KubernetesObject[], environment: Record<string, string> = {}): Settings {
  const text = all(objects, "ConfigMap").find(({ data }) => data?.["registrar.yaml"])?.data?.["registrar.yaml"];
  if (text === undefined) throw new Error("there is no settings file");
  const invocation = { configFile: "registrar.yaml", flyteConfigFile: undefined, flags: [], environment };
  return parseSettings(invocation, () => Buffer.from(text)).settings;
}

/** Values with more laid over them, as Helm lays files over each other. */
export function withValues(lower: Values, upper: Values): Values {
  const merged: Values = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = merged[key];
    merged[key] = isMapping(below) && isMapping(value) ? withValues(below, value) : value;
  }
  return merged;
}

function isMapping(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
