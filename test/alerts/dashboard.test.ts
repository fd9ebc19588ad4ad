import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import * as z from "zod";
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

const target = z.object({ expr: z.string(), datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }) });
const dashboardSchema = z.object({
  uid: z.string().max(40),
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.literal("datasource") })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(target).min(1),
    }),
  ),
});
const values = { metrics: { dashboard: { enabled: true } } };

function dashboardIn(objects: Awaited<ReturnType<typeof rendered>>) {
  const { metadata, data = {} } = one(objects, "ConfigMap", "-dashboard");
  const [text = ""] = Object.values(data);
  return { metadata, dashboard: dashboardSchema.parse(JSON.parse(text)) };
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
    expect(JSON.stringify(embedded)).not.toContain("reg-image-builder-registrar");
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
