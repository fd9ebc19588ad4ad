// Records what a real cluster has of our CronJobs, Jobs and status ConfigMap while an installation goes through what the alerts are
// about, in four minutes: node test/cluster/record-alerts.ts. test/alerts/ holds the alerts to it.
import { writeFileSync } from "node:fs";
import { execa } from "execa";
import { recordingPath, type Snapshot, snapshotSchema } from "../../testing/kube-state-metrics/recording.ts";
import { runOnCluster } from "../../testing/local-cluster/run-on-cluster.ts";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import type { Values } from "../chart/helm.ts";
import type { Release } from "./release.ts";

const minutely = { cronJob: { schedule: "* * * * *" }, timeouts: { controlPlane: "2s" } };
const authless = {
  auth: { type: "none", clientId: "" },
  controlPlane: { insecure: true },
  caBundle: { configMap: "" },
};
const longest = { milliseconds: 150_000 };

if (process.env["REGISTRAR_TEST_ADDRESS"] === undefined) {
  process.exitCode = await runOnCluster([process.execPath, import.meta.filename]);
} else {
  await record();
}

async function record(): Promise<void> {
  const { createRelease, fullname } = await import("./release.ts");
  const { kubectl } = await import("./kubectl.ts");
  await using release = await createRelease(3, { isAuthless: true, namespace: "union" });
  const { plane } = release.controlPlane;
  const values = (more: Values) => ({ ...authless, ...minutely, ...more });
  const snapshots: Record<string, Snapshot> = {};
  const take = async (name: string) => {
    snapshots[name] = await snapshot(release);
    process.stderr.write(`${name}\n`);
  };
  const scheduled = async () => {
    const all = await release.namespace.list("cronjobs");
    return all.find(({ metadata }) => metadata?.name === fullname)?.status;
  };
  const failedJobs = async () => {
    const jobs = await release.namespace.list("jobs");
    return jobs.filter(({ status }) => status?.conditions?.some(({ type }) => type === "Failed")).length > 0;
  };

  await release.install(values({}));
  await take("fresh");
  await waitFor("a success", async () => (await scheduled())?.lastSuccessfulTime, longest);
  await take("healthy");

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
  const before = Date.now();
  await execa(process.execPath, run, { stderr: "inherit" });
  await waitFor(
    "a later success",
    async () => ((await scheduled())?.lastSuccessfulTime?.getTime() ?? 0) > before,
    longest,
  );
  await take("other-owner");

  await release.upgrade(
    values({ controlPlane: { insecure: true, endpoint: "dns:///localhost:9" }, hooks: { upgrade: false } }),
  );
  await waitFor("a failure", failedJobs, longest);
  await take("failing");

  const failedAt = Date.now();
  await release.upgrade(values({ hooks: { upgrade: false } }));
  await waitFor(
    "a recovery",
    async () => ((await scheduled())?.lastSuccessfulTime?.getTime() ?? 0) > failedAt,
    longest,
  );
  await take("recovered");

  await release.upgrade(values({ cronJob: { schedule: "" }, hooks: { upgrade: false } }));
  await take("suspended");

  const { serverVersion } = JSON.parse(await kubectl(["version", "--output", "json"]));
  const recording = { kubernetes: serverVersion.gitVersion, snapshots };
  writeFileSync(recordingPath, `${JSON.stringify(recording, null, 2)}\n`);
}

/** What kube-state-metrics reads of the objects; the schema leaves out the rest. */
async function snapshot({ namespace }: Release): Promise<Snapshot> {
  const takenAt = new Date().toISOString();
  const list = async (kind: "cronjobs" | "jobs" | "configmaps") => {
    const objects = await namespace.list(kind);
    return objects.filter(
      ({ metadata }) => metadata?.labels?.["app.kubernetes.io/name"] === "image-builder-registrar" || kind === "jobs",
    );
  };
  const [cronJobs, jobs, configMaps] = await Promise.all([list("cronjobs"), list("jobs"), list("configmaps")]);
  return snapshotSchema.parse(JSON.parse(JSON.stringify({ takenAt, cronJobs, jobs, configMaps })));
}
