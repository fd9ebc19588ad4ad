import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import * as z from "zod";
import { recordedRuns, statusOf } from "../../src/cluster/status-config-map.ts";
import { oneLine } from "../../src/network/one-line.ts";
import { registrationMetrics } from "../../src/report/metrics/registration-metrics.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";
import { sampleReport } from "../report/sample-report.ts";
import { promtool } from "./promtool.ts";

const family = z.object({
  type: z.string(),
  unit: z.string(),
  samples: z.array(z.tuple([z.string(), z.record(z.string(), z.string()), z.number()])),
});
const parsed = z.array(z.record(z.string(), family));

/** The families of OpenMetrics texts, by a parser that is strict. */
async function parse(texts: readonly string[]) {
  const { stdout } = await execa("python3", [join(import.meta.dirname, "parse-openmetrics.py")], {
    input: JSON.stringify(texts),
    env: { PYTHONPATH: join(inject("prometheus"), "python"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  return parsed.parse(JSON.parse(stdout));
}

const current = {
  version: "2026.3.4-r2",
  appVersion: "2026.3.4",
  registeredAt: "2026-11-24T12:00:00.500Z",
  registeredBy: "prod-us/union/dataplane",
  isWanted: true,
};
const time = new Date("2026-11-24T12:10:00Z");
const { findings } = sampleReport();
const runs = ["install", "schedule", "build"].flatMap((trigger) =>
  recordedRuns(statusOf(reportWith({ current, findings, milliseconds: 150 }, trigger), time)),
);
const withRuns = registrationMetrics({ ...sampleReport(), current }, runs);

describe("the metrics", () => {
  it("are OpenMetrics with standard units and names", async () => {
    const [families = {}] = await parse([`${withRuns}\n`]);
    expect(Object.keys(families).map((name) => name.replace("image_builder_registrar_", ""))).toEqual([
      "build_info",
      "wanted_info",
      "current_info",
      "current_is_wanted",
      "current_is_own",
      "current_revision",
      "current_registered_timestamp_seconds",
      "last_run_info",
      "last_run_success",
      "last_run_timestamp_seconds",
      "last_run_duration_seconds",
      "findings",
    ]);
    for (const [name, { type, unit }] of Object.entries(families)) {
      expect(name).toMatch(/^image_builder_registrar_/);
      expect([type, unit]).toEqual(["gauge", name.endsWith("_seconds") ? "seconds" : ""]);
    }
  });

  it("are Prometheus's older text format too, without a complaint", async () => {
    expect(await promtool(["check", "metrics"], {}, `${withRuns}\n`)).toEqual({ isContent: true, said: "" });
  });

  it("in the status ConfigMap are OpenMetrics, however the run ended", async () => {
    const reports = [reportWith({ current }), reportWith({ current: null }), sampleReport({ current })];
    const { subject: _, ...refused } = sampleReport();
    const texts = [...reports, refused].map((report) => statusOf(report, time)["metrics"] ?? "");
    expect(await parse(texts)).toHaveLength(4);
  });

  it("are OpenMetrics whatever texts are in the labels, which are kept in one line", async () => {
    const text = fc.string({ unit: "binary", maxLength: 200 }).map((value) => `${value}\\"\n`);
    const samples = fc.sample(fc.tuple(text, text), { numRuns: 100, seed: 1 });
    const texts = samples.map(([version, registeredBy]) =>
      registrationMetrics(reportWith({ current: { ...current, version, registeredBy } }), runs),
    );
    const found = await parse(texts.map((metrics) => `${metrics}\n`));
    const labels = found.map((families) => families["image_builder_registrar_current_info"]?.samples[0]?.[1]);
    expect(labels).toEqual(
      samples.map(([version, owner]) => ({
        version: oneLine(version).toWellFormed(),
        app_version: "2026.3.4",
        owner: oneLine(owner).toWellFormed(),
      })),
    );
  });

  it("would be refused with another unit, or without their end", async () => {
    await expect(parse([withRuns])).resolves.toHaveLength(1);
    await expect(parse([withRuns.replace("# EOF", "")])).rejects.toThrow("Missing # EOF");
    await expect(parse([withRuns.replace(" seconds\n", " minutes\n")])).rejects.toThrow("Unit");
  });
});
