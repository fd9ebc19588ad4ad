import { describe, expect, it } from "vitest";
import { all, chart, cronJob, helms, leastValues, one, podOf, rendered, withValues } from "./helm.ts";

describe.each(helms)("when it runs, under Helm %i", (major) => {
  const render = (values = {}, flags: string[] = []) => rendered(major, chart, withValues(leastValues, values), flags);
  const schedule = async (values: object, clusterName = "prod-us") =>
    cronJob(await render({ cronJob: values, clusterName }), "scheduled").spec;

  it("spreads data planes over the minutes, each at its own", async () => {
    const clusters = ["a", "b", "c", "d", "e"];
    const schedules = await Promise.all(clusters.map(async (cluster) => (await schedule({}, cluster))?.schedule ?? ""));
    for (const text of schedules) expect(text).toMatch(/^[0-9]-59\/10 \* \* \* \*$/);
    expect(new Set(schedules).size).toBeGreaterThan(2);
    // By another run of Helm, which has another value.
    expect((await schedule({ failurePolicy: "warn" }, "a"))?.schedule).toBe(schedules[0]);
  });

  it.each([
    ["17 * * * *", "17 * * * *"],
    ["@hourly", "@hourly"],
    ["*/1 * * * *", "0-59/1 * * * *"],
  ])("takes %s as %s", async (given, expected) => {
    expect((await schedule({ schedule: given }))?.schedule).toBe(expected);
  });

  it("is there but suspended without a schedule, for runs manually", async () => {
    expect(await schedule({ schedule: "" })).toMatchObject({ suspend: true, schedule: "0 0 1 1 *" });
    expect(await schedule({})).toMatchObject({ suspend: false, concurrencyPolicy: "Forbid" });
  });

  it("can be left out", async () => {
    const left = all(await render({ cronJob: { enabled: false } }), "CronJob");
    expect(left.map(({ spec }) => spec?.suspend)).toEqual([true, true, true, true]);
  });

  it("offers manual registrations, which are never started by the schedule and not repeated", async () => {
    const objects = await render();
    for (const which of ["register", "force"] as const) {
      const { spec } = cronJob(objects, which);
      expect(spec).toMatchObject({ suspend: true, jobTemplate: { spec: { backoffLimit: 0 } } });
    }
    const without = await render({ manual: { enabled: false } });
    expect(all(without, "CronJob").map(({ metadata }) => metadata?.name)).toEqual(
      ["-build", "-check", ""].map((end) => `reg-image-builder-registrar${end}`),
    );
  });

  it("takes Argo CD's annotations instead of Helm's", async () => {
    const annotations = { "argocd.argoproj.io/hook": "PostSync" };
    const objects = await render({ hooks: { annotations } });
    expect(one(objects, "Job").metadata?.annotations).toEqual(annotations);
    expect(podOf(one(objects, "Job")).containers[0]?.env?.[0]).toEqual({ name: "REGISTRAR_TRIGGER", value: "upgrade" });
    expect(all(objects, "Pod")).toEqual([]);
  });

  it("makes a plain Job whose name changes with what it runs, and only then", async () => {
    const plain = { hooks: { plain: true } };
    const name = async (values: object, flags: string[] = []) =>
      one(await render({ ...plain, ...values }, flags), "Job").metadata?.name;
    const first = await name({});
    expect(first).toMatch(/^reg-image-builder-registrar-[0-9a-f]{8}$/);
    expect(await name({}, ["--is-upgrade"])).toBe(first);
    for (const change of [{ appVersion: "2026.8.4" }, { image: { tag: "other" } }, { backoffLimit: 1 }]) {
      expect(await name(change)).not.toBe(first);
    }
    const objects = await render(plain);
    expect(one(objects, "Job").metadata).not.toHaveProperty("annotations");
    expect(objects.filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"])).toEqual([]);
  });
});
