import { expect, test } from "vitest";
import { parseSamples } from "../../testing/kube-state-metrics/sample.ts";
import { allowList, startKubeStateMetrics } from "../../testing/kube-state-metrics/start.ts";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { failed, rulesWith, tested } from "../alerts/rendered-alerts.ts";
import { firingTest, series } from "../alerts/series.ts";
import { createRelease } from "./release.ts";

test("the alerts fire on what kube-state-metrics serves of a schedule that fails", async () => {
  await using release = await createRelease(4, { isAuthless: true });
  const { name: namespace } = release.namespace;
  await using metrics = await startKubeStateMetrics(process.env["KUBE_STATE_METRICS"] ?? "", namespace, allowList);
  const installed = await release.install({
    auth: { type: "none", clientId: "" },
    controlPlane: { insecure: true, endpoint: "dns:///localhost:9" },
    caBundle: { configMap: "" },
    cronJob: { schedule: "* * * * *" },
    hooks: { install: false },
    timeouts: { controlPlane: "2s" },
  });
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  const samples = await waitFor(
    "a failed Job",
    async () => {
      const served = parseSamples(await metrics.scrape());
      const isFailed = served.some(
        ({ name, labels, value }) => name === "kube_job_failed" && labels["condition"] === "true" && value === 1,
      );
      return isFailed && served;
    },
    { milliseconds: 150_000 },
  );

  const rules = await rulesWith({});
  const read = new Set(rules.flatMap(({ expr }) => expr.match(/kube_\w+(?=\{)/g) ?? []));
  const served = new Set(samples.map(({ name }) => name));
  const missing = [...read].filter((name) => !served.has(name));
  // No run has succeeded.
  expect(missing).toEqual(["kube_cronjob_status_last_successful_time"]);

  const takenAt = Date.now() / 1000;
  const renamed = (text: string) => text.replaceAll(`"${namespace}"`, '"union"');
  const input = samples.flatMap((sample) => series(sample, takenAt, renamed));
  const outcome = await tested(rules, [firingTest(input, { "10m": [], "20m": [failed] })]);
  expect(outcome).toEqual({ isContent: true, said: expect.any(String) });
});
