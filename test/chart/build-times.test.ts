import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { duration } from "../../src/settings/field-types.ts";
import { changedChart } from "./changed-chart.ts";
import { chart, cronJob, helms, leastValues, rendered, templated, type Values, withValues } from "./helm.ts";

describe.each(helms)("when the chart builds, under Helm %i", (major) => {
  const buildJob = async (values: Values) =>
    cronJob(await rendered(major, chart, withValues(leastValues, values)), "build").spec;

  it.each(["17 3 * * 1", "@weekly", "0 0 * * *"])("takes the schedule %s as it is", async (schedule) => {
    expect(await buildJob({ buildCronJob: { schedule } })).toMatchObject({ schedule, suspend: false });
  });

  it("runs daily at a minute of its own, whatever else changes", async () => {
    const daily = { buildCronJob: { schedule: "@daily" } };
    const schedule = (await buildJob(daily))?.schedule;
    expect(schedule).toMatch(/^([0-9]|[1-5][0-9]) ([0-9]|1[0-9]|2[0-3]) \* \* \*$/);
    expect((await buildJob({ ...daily, appVersion: "2026.9.1" }))?.schedule).toBe(schedule);
    expect((await buildJob({ ...daily, clusterName: "prod-eu" }))?.schedule).not.toBe(schedule);
  });

  it("is spread over the day in a fleet", async () => {
    const fleets = [
      (each: number) => [`prod-${each}`, "union", "dataplane"],
      (each: number) => [`customer-${String(each).padStart(3, "0")}`, "union", "dataplane"],
      (each: number) => ["prod", `union-${each}`, "dataplane"],
      (each: number) => ["prod", "union", `dataplane-${each}`],
    ];
    const owners = fleets.map((owner) => Array.from({ length: 200 }, (_, each) => owner(each)));
    const schedules = await printedBy(
      owners
        .flat()
        .map(
          ([cluster, namespace, helmRelease]) =>
            `{{ include "image-builder-registrar.build-schedule" (dict "helmRelease" (dict "namespace" "${namespace}" ` +
            `"name" "${helmRelease}") "values" (dict "clusterName" "${cluster}" "buildCronJob" (dict "schedule" "@daily"))) }}`,
        ),
    );
    const minutes = schedules.map((schedule) => {
      const [minute, hour] = schedule.split(" ").map(Number);
      return (hour ?? Number.NaN) * 60 + (minute ?? Number.NaN);
    });
    for (const [index, fleet] of owners.entries()) {
      const own = minutes.slice(index * fleet.length, (index + 1) * fleet.length);
      expect(mostFrequent(own)).toBeLessThanOrEqual(3);
      expect(mostFrequent(own.map((minute) => Math.floor(minute / 60)))).toBeLessThanOrEqual(fleet.length / 10);
    }
  });

  it("reads a duration as the program does, and takes no other for one", async () => {
    const count = fc.oneof(fc.nat(30), fc.nat(1500), fc.nat(100_000), fc.constantFrom("08", "0010", "9".repeat(30)));
    const part = (unit: string) =>
      fc.oneof(
        fc.constant(""),
        count.map((number) => `${number}${unit}`),
      );
    const likely = fc.tuple(part("h"), part("m"), part("s")).map((parts) => parts.join(""));
    const sample = fc.sample(fc.oneof(likely, fc.stringMatching(/^[0-9hms .-]{0,8}$/)), { numRuns: 500, seed: major });
    const texts = [...sample, "1s", "24h", "1440m", "86400s", "86401s", "24h1s", "24h0m0s", "0s", "h", "1m1h"];
    const seconds = texts.map((text) => duration.safeParse(text)).map(({ data }) => (data ? `${data / 1000}` : ""));
    expect(new Set(seconds).size).toBeGreaterThan(50);
    const printed = await printedBy(
      texts.map((text) => `{{ include "image-builder-registrar.seconds" ${JSON.stringify(text)} }}`),
    );
    expect(texts.map((text, index) => [text, printed[index]])).toEqual(
      texts.map((text, index) => [text, seconds[index]]),
    );
  });

  /** What expressions of a template print, in one run of Helm. */
  async function printedBy(expressions: readonly string[]): Promise<string[]> {
    const lines = expressions.map((expression) => `  - "${expression}"`);
    await using changed = await changedChart("printed.yaml", ["printed:", ...lines].join("\n"));
    const { stdout } = await templated(major, changed.folder, leastValues, ["--show-only", "templates/printed.yaml"]);
    return parse(stdout).printed;
  }
});

/** How often the most frequent number occurs. */
function mostFrequent(numbers: readonly number[]): number {
  const counts = Map.groupBy(numbers, (number) => number);
  return Math.max(...[...counts.values()].map(({ length }) => length));
}
