// Records what kube-state-metrics serves of a real cluster while an installation goes through what the alerts are about, in four
// minutes: node test/cluster/record-alerts.ts. test/alerts/ holds the alerts to it.
import { writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { execa } from "execa";
import { annotationsMetric, type Recording, recordingPath } from "../../testing/kube-state-metrics/recording.ts";
import { parseSamples, type Sample } from "../../testing/kube-state-metrics/sample.ts";
import { allowList, type KubeStateMetrics, startKubeStateMetrics } from "../../testing/kube-state-metrics/start.ts";
import { runOnCluster } from "../../testing/local-cluster/run-on-cluster.ts";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import type { Values } from "../chart/helm.ts";
import type { HelmRun } from "./helm.ts";

const minutely = { cronJob: { schedule: "* * * * *" }, timeouts: { controlPlane: "2s" } };
const authless = {
  auth: { type: "none", clientId: "" },
  controlPlane: { insecure: true },
  caBundle: { configMap: "" },
};
const longest = { milliseconds: 300_000 };

if (process.env["REGISTRAR_TEST_ADDRESS"] === undefined) {
  process.exitCode = await runOnCluster([process.execPath, import.meta.filename]);
} else {
  await record();
}

async function record(): Promise<void> {
  const { createRelease, fullname } = await import("./release.ts");
  const { kubectl } = await import("./kubectl.ts");
  await using release = await createRelease(3, { isAuthless: true, namespace: "union" });
  const program = process.env["KUBE_STATE_METRICS"] ?? "";
  await using allowed = await startKubeStateMetrics(program, "union", allowList);
  await using usual = await startKubeStateMetrics(program, "union");
  const { plane } = release.controlPlane;
  const succeed = async (run: Promise<HelmRun>) => {
    const { exitCode, stderr } = await run;
    if (exitCode !== 0) throw new Error(stderr);
  };
  const values = (more: Values) => ({ ...authless, ...minutely, ...more });
  const snapshots: Recording["snapshots"] = {};
  const take = async (name: string, isReached: (samples: readonly Sample[]) => boolean) => {
    await waitFor(name, async () => isReached(parseSamples(await allowed.scrape())), longest);
    snapshots[name] = await snapshot(allowed, usual);
    process.stderr.write(`${name}\n`);
  };
  const ofCronJob = (samples: readonly Sample[], name: string) =>
    samples.find((sample) => sample.name === name && sample.labels["cronjob"] === fullname)?.value ?? 0;
  const hasSucceededSince = (samples: readonly Sample[], time: number) =>
    ofCronJob(samples, "kube_cronjob_status_last_successful_time") > time / 1000;

  await succeed(release.install(values({})));
  await take("fresh", (samples) => ofCronJob(samples, "kube_cronjob_created") > 0);
  await take("healthy", (samples) => hasSucceededSince(samples, 0));

  // It is kept until the schedule has run again.
  const other = ["--release-cluster", "prod-eu", "--release-namespace", "union", "--release-name", "dataplane"];
  const flags = [
    "--control-plane-endpoint",
    plane.url,
    "--control-plane-insecure",
    "true",
    "--control-plane-org",
    "acme",
  ];
  const run = ["src/main.ts", "register", ...flags, ...other, "--app-version", "2026.3.4", "--task-log-level", "6"];
  await execa(process.execPath, run, { stderr: "inherit" });
  const registeredAt = Date.now();
  const isOtherOwners = ({ labels }: Sample) => Object.values(labels).includes("other-owner");
  await take("other-owner", (samples) => samples.some(isOtherOwners) && hasSucceededSince(samples, registeredAt));

  const unreachable = { controlPlane: { insecure: true, endpoint: "dns:///localhost:9" } };
  await succeed(release.upgrade(values({ ...unreachable, hooks: { upgrade: false } })));
  const isFailed = ({ name, labels, value }: Sample) =>
    name === "kube_job_failed" && labels["condition"] === "true" && value === 1;
  await take("failing", (samples) => samples.some(isFailed));

  const mendedAt = Date.now();
  await succeed(release.upgrade(values({ hooks: { upgrade: false } })));
  await take("recovered", (samples) => hasSucceededSince(samples, mendedAt));

  await succeed(release.upgrade(values({ cronJob: { schedule: "" }, hooks: { upgrade: false } })));
  await take("suspended", (samples) => ofCronJob(samples, "kube_cronjob_spec_suspend") === 1);

  const { serverVersion } = JSON.parse(await kubectl(["version", "--output", "json"]));
  const [, kubeStateMetrics = ""] = /kube-state-metrics-(.*)/.exec(basename(dirname(program))) ?? [];
  const recording: Recording = { kubernetes: serverVersion.gitVersion, kubeStateMetrics, snapshots };
  writeFileSync(recordingPath, `${JSON.stringify(recording, null, 2)}\n`);
}

/** What is served of our objects. */
async function snapshot(allowed: KubeStateMetrics, usual: KubeStateMetrics): Promise<Recording["snapshots"][string]> {
  const takenAt = new Date().toISOString();
  const linesOf = async (metrics: KubeStateMetrics, pattern: RegExp) =>
    (await metrics.scrape())
      .split("\n")
      .filter((line) => line.includes("image-builder-registrar") && pattern.test(line));
  return {
    takenAt,
    served: await linesOf(allowed, new RegExp(`^(kube_cronjob_|kube_job_|${annotationsMetric}{)`)),
    annotationsByDefault: await linesOf(usual, new RegExp(`^${annotationsMetric}{`)),
  };
}
