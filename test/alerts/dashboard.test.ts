import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import * as z from "zod";
import { registrationMetrics } from "../../src/report/metrics/registration-metrics.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";
import {
  all,
  chart,
  dataplane,
  dataplaneValues,
  helms,
  leastValues,
  one,
  rendered,
  withValues,
} from "../chart/helm.ts";
import { promtool } from "./promtool.ts";

const target = z.object({
  refId: z.string(),
  expr: z.string(),
  datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }),
});
const dashboardSchema = z.object({
  uid: z.string().max(40),
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.literal("datasource") })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      fieldConfig: z.object({
        defaults: z.object({
          color: z.object({ fixedColor: z.string() }).optional(),
          thresholds: z
            .object({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) })
            .optional(),
        }),
        overrides: z.array(
          z.object({
            matcher: z.object({ id: z.literal("byFrameRefID"), options: z.string() }),
            properties: z.tuple([z.object({ id: z.literal("color"), value: z.object({ fixedColor: z.string() }) })]),
          }),
        ),
      }),
      targets: z.array(target).min(1),
    }),
  ),
});
type Dashboard = z.output<typeof dashboardSchema>;
const values = { fullnameOverride: "registrar", metrics: { dashboard: { enabled: true } } };

function dashboardIn(objects: Awaited<ReturnType<typeof rendered>>) {
  const { metadata, data = {} } = one(objects, "ConfigMap", "-dashboard");
  const [text = ""] = Object.values(data);
  return { metadata, dashboard: dashboardSchema.parse(JSON.parse(text)) };
}

async function panelOf(title: string, targetIndex = 0) {
  const { dashboard } = dashboardIn(await rendered(3, chart, withValues(leastValues, values)));
  const panel = dashboard.panels.find((one) => one.title.startsWith(title));
  const expr = panel?.targets[targetIndex]?.expr;
  if (!panel || expr === undefined) throw new Error(`no panel ${title}`);
  return { panel, expr };
}

/** A sample of a query's result, and a series with its one value, as promtool writes both. */
type Samples = Readonly<Record<string, number>>;

/** Holds what a query gives at a moment, in seconds since 1970, to what is expected of these series. */
async function expectSamples(expr: string, series: Samples, seconds: number, expected: Samples): Promise<void> {
  const file = stringify({
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: Object.entries(series).map(([name, value]) => ({ series: name, values: `${value}x10000` })),
        promql_expr_test: [
          {
            expr,
            eval_time: `${seconds}s`,
            exp_samples: Object.entries(expected).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  });
  const { isContent, said } = await promtool(["test", "rules", "tests.yaml"], { "tests.yaml": file });
  expect(isContent, said).toBe(true);
}

/** Series as two replicas of kube-state-metrics give them. */
function twice(series: Samples): Samples {
  const instances = ["10.0.0.1:8080", "10.0.0.2:8080"];
  const named = Object.entries(series).flatMap(([name, value]) =>
    instances.map((instance) => [name.replace(/\}$/, `,instance="${instance}"}`), value] as const),
  );
  return Object.fromEntries(named);
}

/**
 * Series as kube-state-metrics 2.20 names them, of a CronJob and a Job of it that has ended.
 * Source: testing/recordings, taken from a real cluster
 */
function seriesOf(namespace: string, cronjob: string, job: { end: "complete" | "failed"; seconds: number }): Samples {
  const ofCronJob = `namespace="${namespace}",cronjob="${cronjob}"`;
  const ofJob = `namespace="${namespace}",job_name="${cronjob}-${job.end}"`;
  return {
    [`kube_cronjob_status_last_successful_time{${ofCronJob}}`]: 0,
    [`kube_cronjob_status_last_schedule_time{${ofCronJob}}`]: 6_600,
    [`kube_cronjob_next_schedule_time{${ofCronJob}}`]: 7_200,
    [`kube_job_owner{${ofJob},owner_kind="CronJob",owner_name="${cronjob}",owner_is_controller="true"}`]: 1,
    [`kube_job_status_start_time{${ofJob}}`]: 600,
    ...(job.end === "failed"
      ? { [`kube_job_failed{${ofJob},condition="true"}`]: 1 }
      : { [`kube_job_status_completion_time{${ofJob}}`]: 600 + job.seconds }),
  };
}

const us = "prod-us/union/reg";
const them = "prod-eu/union/other";

/** The program's metrics as a Pushgateway gives them, of a Helm release that pushed with a namespace of its own. */
function pushedBy(owner: string, namespace: string): Samples {
  const current = { version: `${namespace}-1`, appVersion: "2026.3.4", registeredBy: owner, isWanted: true };
  const report = reportWith({ current });
  if (report.subject) report.subject.release = owner;
  const run = {
    trigger: "schedule",
    time: "2026-11-24T12:10:00.000Z",
    command: "register" as const,
    state: "up-to-date" as const,
    summary: "",
    exitCode: 0,
    codes: [],
    registrar: "0.1.0",
    milliseconds: owner === us ? 150 : 9_000,
  };
  const lines = registrationMetrics(report, [run]).split("\n");
  const samples = lines.flatMap((line) => {
    const [, name = "", labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const pushed = `job="image-builder-registrar",namespace="${namespace}"`;
    return name === "" ? [] : [[`${name}{${labels === "" ? "" : `${labels},`}${pushed}}`, Number(value)] as const];
  });
  return Object.fromEntries(samples);
}

describe.each(helms)("the dashboard, under Helm %i", (major) => {
  it("is one that Grafana's sidecar finds, whose queries parse", async () => {
    const { metadata, dashboard } = dashboardIn(await rendered(major, chart, withValues(leastValues, values)));
    expect(metadata?.labels).toMatchObject({ grafana_dashboard: "1" });
    const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
    const file = stringify({ groups: [{ name: "queries", rules }] });
    const { isContent, said } = await promtool(["check", "rules", "--lint=none", "rules.yaml"], { "rules.yaml": file });
    expect(isContent, said).toBe(true);
    expect(said).toContain(`${queries.length} rules found`);
  });

  it("is of one Helm release, also in a chart that embeds this one", async () => {
    const alone = dashboardIn(await rendered(major, chart, withValues(leastValues, values))).dashboard;
    const inside = { imageBuilderRegistrar: { ...values, fullnameOverride: "other" } };
    const embedded = dashboardIn(await rendered(major, dataplane, withValues(dataplaneValues, inside))).dashboard;
    expect(embedded.uid).not.toBe(alone.uid);
    expect(JSON.stringify(embedded)).not.toContain("registrar|");
    const matchers = ({ panels }: Dashboard) =>
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => [...expr.matchAll(/[a-zA-Z_]+\{([^}]*)\}/g)]));
    for (const [selector, labels] of [alone, embedded].flatMap(matchers))
      expect(labels, selector).toMatch(/\bnamespace="|\bowner="/);
  });

  it("has panels that do not overlap", async () => {
    const { dashboard } = dashboardIn(await rendered(major, chart, withValues(leastValues, values)));
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w } }) =>
      Array.from({ length: w }, (_, column) => `${x + column},${y}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it("is not there unless it is asked for", async () => {
    const objects = await rendered(major, chart, leastValues);
    expect(all(objects, "ConfigMap").filter(({ metadata }) => metadata?.name?.endsWith("-dashboard"))).toEqual([]);
  });
});

describe("a panel of the dashboard", () => {
  const cluster = twice({
    ...seriesOf("union", "registrar", { end: "complete", seconds: 12 }),
    ...seriesOf("other", "registrar", { end: "complete", seconds: 99 }),
  });
  const failedCluster = twice({
    ...seriesOf("union", "registrar", { end: "failed", seconds: 0 }),
    ...seriesOf("other", "registrar", { end: "failed", seconds: 0 }),
  });

  it.each([
    { what: "an hour at least", period: 600, onTime: 3_540, late: 3_660 },
    { what: "two periods of a schedule whose runs are further apart", period: 21_600, onTime: 43_140, late: 43_260 },
  ])("has the last success in red after $what", async ({ period, onTime, late }) => {
    const name = 'kube_cronjob_next_schedule_time{namespace="union",cronjob="registrar"}';
    const series = twice({
      ...seriesOf("union", "registrar", { end: "complete", seconds: 12 }),
      [name]: 6_600 + period,
    });
    const [{ panel, expr }, red] = await Promise.all([panelOf("Since the last"), panelOf("Since the last", 1)]);
    expect(panel.fieldConfig).toMatchObject({
      defaults: { color: { fixedColor: "green" } },
      overrides: [{ matcher: { options: panel.targets[1]?.refId }, properties: [{ value: { fixedColor: "red" } }] }],
    });
    await expectSamples(expr, series, onTime, { '{cronjob="registrar"}': onTime });
    await expectSamples(red.expr, series, onTime, {});
    await expectSamples(expr, series, late, {});
    await expectSamples(red.expr, series, late, { '{cronjob="registrar"}': late });
  });

  it("has the time until the next run in one colour", async () => {
    const { panel, expr } = await panelOf("Until the next");
    expect(panel.fieldConfig).toMatchObject({ defaults: { color: { fixedColor: "blue" } }, overrides: [] });
    await expectSamples(expr, cluster, 6_900, { '{cronjob="registrar"}': 300 });
  });

  it("counts the alerts of this namespace that fire, which are none if all is well, and is red from one", async () => {
    const { panel, expr } = await panelOf("Alerts");
    expect(panel.fieldConfig.defaults.thresholds?.steps).toEqual([
      { value: null, color: "green" },
      { value: 1, color: "red" },
    ]);
    const alert = (name: string, namespace: string, state: string) =>
      `ALERTS{alertname="ImageBuilderRegistrar${name}",namespace="${namespace}",alertstate="${state}"}`;
    const others = { [alert("JobFailed", "other", "firing")]: 1, [alert("BuildFailed", "union", "pending")]: 1 };
    await expectSamples(expr, others, 60, { "{}": 0 });
    const firing = { [alert("JobFailed", "union", "firing")]: 1, [alert("NotSucceeding", "union", "firing")]: 1 };
    await expectSamples(expr, { ...others, ...firing }, 60, { "{}": 2 });
  });

  it("has one line for all Jobs of a CronJob", async () => {
    const [failed, longest] = await Promise.all([panelOf("Failed Jobs"), panelOf("Longest")]);
    await expectSamples(failed.expr, failedCluster, 60, { '{owner_name="registrar"}': 1 });
    await expectSamples(longest.expr, cluster, 60, { '{owner_name="registrar"}': 12 });
  });

  it("has the owner of the current build-image in one row, however many replicas tell it", async () => {
    const { expr } = await panelOf("Owner of");
    const annotation = "annotation_image_builder_registrar_union_ai_current";
    const told = `${annotation}="other-owner",${annotation}_owner="${them}"`;
    const metric = (namespace: string) =>
      `kube_configmap_annotations{namespace="${namespace}",configmap="image-builder-registrar-status",${told}}`;
    await expectSamples(expr, twice({ [metric("union")]: 1, [metric("other")]: 1 }), 60, { [`{${told}}`]: 1 });
  });

  it("has the program's own metrics of this Helm release alone", async () => {
    const [current, durations] = await Promise.all([panelOf("Current"), panelOf("Duration of the last run")]);
    const series = { ...pushedBy(us, "union"), ...pushedBy(them, "elsewhere") };
    const ours = `{version="union-1",app_version="2026.3.4",owner="${us}"}`;
    await expectSamples(current.expr, series, 60, { [ours]: 1 });
    await expectSamples(durations.expr, series, 60, { '{trigger="schedule"}': 0.15 });
    await expectSamples(current.expr, pushedBy(them, "union"), 60, {});
  });

  it("that shows one number says which colour it has: Grafana's default is red from 80", async () => {
    const { dashboard } = dashboardIn(await rendered(3, chart, withValues(leastValues, values)));
    const stats = dashboard.panels.filter(({ type }) => type === "stat");
    expect(stats).toHaveLength(3);
    for (const { title, fieldConfig } of stats)
      expect(fieldConfig.defaults.color ?? fieldConfig.defaults.thresholds, title).toBeDefined();
  });
});
