import { chartValueOf } from "./chart-values.ts";
import { shellQuote } from "./shell-quote.ts";

/** What the Helm chart has created around a run in one of its pods; the chart's settings file names it. */
export interface ChartObjects {
  namespace: string;
  helmRelease: string;
  /** Precedes the chart's values: `imageBuilderRegistrar.` if it is embedded. Absent if there are only settings. */
  valuesPrefix?: string | undefined;
  /** Label app.kubernetes.io/name of its objects; absent if it is the usual one. */
  nameLabel?: string | undefined;
  settingsConfigMap: string;
  statusConfigMap: string;
  /**
   * CronJobs; absent if switched off. The first runs on a schedule, and the last may; the others only when a person creates a Job
   * from them.
   */
  cronJob?: string | undefined;
  registerCronJob?: string | undefined;
  forceCronJob?: string | undefined;
  checkCronJob?: string | undefined;
  buildCronJob?: string | undefined;
  /** The Secret that holds the credential of the control plane; absent without authentication. */
  credential?: { secret: string; key: string } | undefined;
  /** The Secret that holds logins to registries. */
  registryCredential?: { secret: string; key: string } | undefined;
  /** The object that holds additional CAs. */
  caBundle?: { kind: "ConfigMap" | "Secret"; name: string; key: string } | undefined;
}

/** Who reads a finding, and where. */
export interface Audience {
  /** The settings flags of this run, as they were given: `["--config", "registrar.yaml"]`. */
  settingsFlags: readonly string[];
  /** Present in a pod of the chart. */
  chart: ChartObjects | undefined;
  /** Whether the run is one of `check`: what it has found is not found again by another one. */
  isCheck: boolean;
  /** Whether the data plane is a member of a fleet: its runs register nothing. */
  isMember: boolean;
  /** URL of this version's docs/errors.md; a relative path if the build sets none. */
  docsUrl: string;
}

/** The commands that findings name. */
export type CommandName = "register" | "verify" | "check" | "status" | "render" | "images" | "images mirror";

/** How the texts of a finding name things, for one audience. */
export interface Reader {
  /** Present in a pod of the chart, where objects have known names. */
  readonly chart: ChartObjects | undefined;
  /** Whether the data plane is a member, for which the registrar of another one registers. */
  readonly isMember: boolean;
  /** The name by which this reader changes a setting: `controlPlane.caFile`, in a pod the chart's `caBundle`. */
  setting(path: string): string;
  /** A command that runs this program with the same settings; in a pod, the kubectl or helm command that does it there. */
  command(name: CommandName, ...options: readonly string[]): string;
  /** A kubectl command, in the namespace of the run if that is known. */
  kubectl(words: string): string;
  /** A network tool where this run's network is: as it is; in a pod, the check, or the tool in a pod of its own. */
  probe(tool: Tool, args: string): string;
}

/** Network tools, and images that have them. */
const tools = { curl: "curlimages/curl", openssl: "alpine/openssl", getent: "debian:stable-slim" } as const;
type Tool = keyof typeof tools;

/** Relative path of the page that has a heading for every code. */
export const errorsPage = "docs/errors.md";

/** An audience about which nothing is known. */
export const anyone: Audience = {
  settingsFlags: [],
  chart: undefined,
  isCheck: false,
  isMember: false,
  docsUrl: errorsPage,
};

/** How texts name things for this audience. */
export function readerOf({ chart, settingsFlags, isCheck, isMember }: Audience): Reader {
  if (chart) return readerInPod(chart, isCheck, isMember);
  return {
    chart,
    isMember,
    setting: (path) => path,
    command: (name, ...options) =>
      isMember && name === "register"
        ? registerByOwner.onWorkstation
        : ["registrar", name, ...settingsFlags.map(shellQuote), ...options].join(" "),
    kubectl: (words) => `kubectl ${words}`,
    probe: (tool, args) => `${tool} ${args}`,
  };
}

/** What registers for a member, whose own settings would only be refused: that is in the owner's cluster. */
const registerByOwner = {
  onWorkstation: "registrar register --config <settings of the owner>",
  inPod:
    "kubectl --context <cluster of the owner> -n <its namespace> create job --from=cronjob/<its CronJob …-register> registrar-$(date +%s)",
} as const;

function readerInPod(chart: ChartObjects, isCheck: boolean, isMember: boolean): Reader {
  const kubectl = (words: string) => `kubectl -n ${chart.namespace} ${words}`;
  return {
    chart,
    isMember,
    setting: (path) => {
      const value = chart.valuesPrefix === undefined ? undefined : chartValueOf(path);
      return value === undefined ? path : `${chart.valuesPrefix}${value}`;
    },
    command: (name, ...options) =>
      isMember && name === "register" ? registerByOwner.inPod : commandInPod(name, options, chart, kubectl),
    kubectl,
    probe: (tool, args) =>
      chart.checkCronJob !== undefined && !isCheck
        ? commandInPod("check", [], chart, kubectl)
        : kubectl(`run registrar-probe --rm -i --restart=Never --image=${tools[tool]} --command -- ${tool} ${args}`),
  };
}

/** The chart's objects, as a flag of kubectl. */
export function chartSelector(chart: ChartObjects | undefined): string {
  return `-l app.kubernetes.io/name=${chart?.nameLabel ?? "image-builder-registrar"}`;
}

/** Each Job needs a unique name, so that the command can be repeated. */
function commandInPod(
  name: CommandName,
  options: readonly string[],
  chart: ChartObjects,
  kubectl: (words: string) => string,
): string {
  const createJob = (cronJob: string, job: string) =>
    kubectl(`create job --from=cronjob/${cronJob} ${job}-$(date +%s)`);
  switch (name) {
    case "register": {
      const cronJob = options.includes("--force") ? chart.forceCronJob : (chart.registerCronJob ?? chart.cronJob);
      if (cronJob === undefined) return kubectl(`get jobs ${chartSelector(chart)}`);
      return createJob(cronJob, "registrar");
    }
    case "check":
      if (chart.checkCronJob === undefined) return kubectl(`get configmap ${chart.statusConfigMap} -o yaml`);
      return createJob(chart.checkCronJob, "registrar-check");
    case "verify":
      if (options.includes("--build")) {
        // Without the CronJob, nothing in the cluster builds whenever a person asks for it; a workstation can.
        if (chart.buildCronJob === undefined) return ["registrar", name, ...options].join(" ");
        return createJob(chart.buildCronJob, "registrar-build");
      }
      return `helm -n ${chart.namespace} test ${chart.helmRelease} --logs`;
    case "status":
      return kubectl(`get configmap ${chart.statusConfigMap} -o yaml`);
    case "render":
      return kubectl(`get configmap ${chart.settingsConfigMap} -o yaml`);
    // They are for a workstation that reaches both registries.
    case "images":
    case "images mirror":
      return ["registrar", name, ...options].join(" ");
  }
}
