import type { CoreV1Event } from "@kubernetes/client-node";
import type { RecordedRun } from "../../src/report/run-report.ts";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { chart, type HelmMajor, type Values, withValues } from "../chart/helm.ts";
import { type PodControlPlane, startPodControlPlane } from "./control-plane.ts";
import { type HelmRun, helm } from "./helm.ts";
import { createNamespace, type Namespace } from "./namespace.ts";

/** Name of the Helm release, and of the objects in it that take theirs from it. */
const release = "dataplane";
export const fullname = `${release}-image-builder-registrar`;

/** Milliseconds for a Job to end. */
const jobTime = 120_000;

/** Who runs it and where: `await using` takes all of it away. */
export interface Release extends AsyncDisposable {
  readonly namespace: Namespace;
  readonly controlPlane: PodControlPlane;
  /** Installs or upgrades to the values laid over those of a sound installation; flags are Helm's. */
  install(values: Values, ...flags: string[]): Promise<HelmRun>;
  upgrade(values: Values, ...flags: string[]): Promise<HelmRun>;
  /** What `helm template` prints for values laid over those of a sound installation. */
  template(values: Values): Promise<string>;
  /** Any other Helm command on it: `rollback`, `test`, `uninstall`. */
  run(command: string, ...flags: string[]): Promise<HelmRun>;
  /** What Helm says of it: `deployed`, `failed`, `pending-rollback` … */
  status(): Promise<string>;
  /** The version of build-image that the SDK would use. */
  currentVersion(): string | undefined;
  /** Creates a Job from a CronJob, as a person does, and waits for its end; `""` is what runs on the schedule. */
  runJob(cronJob: "" | "-register" | "-register-force" | "-check" | "-build"): Promise<JobRun>;
  /** Waits for the end of a Job. */
  endOf(job: string): Promise<JobRun>;
  /** What the status ConfigMap says of the last run of a trigger. */
  recorded(trigger: string): Promise<RecordedRun | undefined>;
  /** Events on our Jobs that we made, not Kubernetes. */
  events(): Promise<CoreV1Event[]>;
}

/** How a Job ended. */
interface JobRun {
  end: "Complete" | "Failed";
  log: string;
  /** What `kubectl describe pod` shows of it. */
  terminationMessage: string | undefined;
}

/** How a test's Helm release differs from a sound one. */
export interface ReleaseOptions {
  /** Random unless told otherwise. */
  namespace?: string;
  namespaceLabels?: Record<string, string>;
  /** Instead of the right one. */
  clientSecret?: string;
  /** The folder of the chart; ours, installed by itself, unless told otherwise. */
  chart?: string;
  /** The control plane speaks plain HTTP and asks for no token. */
  isAuthless?: boolean;
}

/** Makes a namespace with what a data plane has in it (credential, build-image ConfigMap), and a control plane to register at. */
export async function createRelease(major: HelmMajor, options: ReleaseOptions = {}): Promise<Release> {
  const controlPlane = await startPodControlPlane(options.isAuthless);
  const { plane, registry, authorityPem, clientId, clientSecret } = controlPlane;
  const namespace = await createNamespace(options.namespaceLabels, options.namespace);
  await namespace.create(secret("union-secret-auth", { client_secret: options.clientSecret ?? clientSecret }));
  await namespace.create(configMap("ca", { "ca.crt": authorityPem }));
  await namespace.create(buildConfig);
  const sound = { ...soundValues(plane.url), ...registryValues(registry.host), auth: { clientId } };
  const onRelease = (command: string, flags: readonly string[], input = "") =>
    helm(major, [command, ...flags, "--namespace", namespace.name], input);
  const installed = (command: string, values: Values, flags: readonly string[]) =>
    onRelease(
      command,
      [release, options.chart ?? chart, "--values", "-", ...flags],
      JSON.stringify(withValues(sound, values)),
    );
  let runs = 0;
  const endOf = async (job: string): Promise<JobRun> => {
    const end = await jobEnd(namespace, job);
    const pods = await namespace.list("pods");
    const pod = pods.find(({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"] === job);
    const terminationMessage = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message;
    return { end, log: await namespace.kubectl("logs", `job/${job}`), terminationMessage };
  };
  return {
    namespace,
    controlPlane,
    install: (values, ...flags) => installed("install", values, flags),
    upgrade: (values, ...flags) => installed("upgrade", values, flags),
    template: async (values) => {
      // A Helm made by `go install` takes itself for an older Kubernetes.
      const { stdout, stderr, exitCode } = await installed("template", values, ["--kube-version", "1.37.0"]);
      if (exitCode !== 0) throw new Error(stderr);
      return stdout;
    },
    run: (command, ...flags) => onRelease(command, [release, ...flags]),
    async status() {
      const { stdout } = await onRelease("status", [release, "--output", "json"]);
      return JSON.parse(stdout).info.status;
    },
    currentVersion: () => plane.registrations().at(-1)?.version,
    endOf,
    async runJob(cronJob) {
      const job = `manual-${++runs}`;
      await namespace.kubectl("create", "job", job, `--from=cronjob/${fullname}${cronJob}`);
      return await endOf(job);
    },
    async recorded(trigger) {
      const maps = await namespace.list("configmaps");
      const status = maps.find(({ metadata }) => metadata?.name === "image-builder-registrar-status");
      const text = status?.data?.[trigger];
      return text === undefined ? undefined : JSON.parse(text);
    },
    async events() {
      const events = await namespace.list("events");
      return events.filter(({ source }) => source?.component === "image-builder-registrar");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([namespace[Symbol.asyncDispose](), plane.stop(), registry.stop()]);
    },
  };
}

/** Waits until a Job has completed or failed. @returns which of them */
async function jobEnd(namespace: Namespace, name: string): Promise<"Complete" | "Failed"> {
  return await waitFor(
    `the end of job ${name}`,
    async () => {
      const job = (await namespace.list("jobs")).find(({ metadata }) => metadata?.name === name);
      const types = (job?.status?.conditions ?? []).filter(({ status }) => status === "True").map(({ type }) => type);
      return (["Complete", "Failed"] as const).find((type) => types.includes(type));
    },
    { milliseconds: jobTime },
  );
}

/** What a person sets to install next to a data plane; the schedule is off, so that nothing runs but what a test starts, which asks each time. */
function soundValues(endpoint: string): Values {
  return {
    appVersion: "2026.3.4",
    clusterName: "test",
    controlPlane: { endpoint, org: "acme" },
    caBundle: { configMap: "ca" },
    cronJob: { schedule: "", lookAgainAfter: "" },
    image: imageValues(),
  };
}

/** How a chart's values name a registry with Union's images. @param host host:port */
export function registryValues(host: string): Values {
  return { task: { imageNamePrefix: `${host}/union` }, registry: { insecureHosts: [host] } };
}

/** The image of the tests, as the chart's values name it. */
export function imageValues(): Record<"registry" | "repository" | "tag", string | undefined> {
  const [, registry, repository, tag] = /^(.+)\/([^/:]+):([^:]+)$/.exec(process.env["REGISTRAR_IMAGE"] ?? "") ?? [];
  return { registry, repository, tag };
}

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

/** What a data plane has for builds; buildkit itself is there only where a test puts it. */
export const buildConfig = configMap("build-image-config", {
  "storage.yaml": "storage: {}",
  "buildkit-uri": "tcp://buildkit:1234",
  "default-repository": "registry.example.com/builds",
  "authentication-type": "noop",
});

const secret = (name: string, stringData: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  stringData,
});
