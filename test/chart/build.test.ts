import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../src/settings/schema.ts";
import {
  all,
  chart,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  leastValues,
  one,
  podOf,
  rendered,
  scheduledPod,
  settingsOf,
  type Values,
  withValues,
} from "./helm.ts";

const name = "reg-image-builder-registrar";
const twoProjects = ["flytesnacks/development", "flytesnacks/production"];

describe.each(helms)("registrar verify --build in the chart, under Helm %i", (major) => {
  const render = (values = {}, flags: string[] = []) => rendered(major, chart, withValues(leastValues, values), flags);
  const buildJob = async (values: Values) => cronJob(await render(values), "build").spec;

  it("is a CronJob that by default never runs by itself, as the registration's but for command and limits", async () => {
    const objects = await render();
    const { metadata, spec } = cronJob(objects, "build");
    expect(metadata?.name).toBe(`${name}-build`);
    expect(spec).toMatchObject({ suspend: true, schedule: "0 0 1 1 *" });
    const job = spec?.jobTemplate.spec;
    const registers = cronJob(objects, "scheduled").spec?.jobTemplate.spec;
    expect(job).toEqual({ ...registers, activeDeadlineSeconds: 870, backoffLimit: 0, template: job?.template });

    const [pod, other] = [podOf(spec?.jobTemplate), scheduledPod(objects)];
    expect(pod).toEqual({ ...other, containers: pod.containers });
    const [container, its] = [pod.containers[0], other.containers[0]];
    expect(container?.args).toEqual(["verify", "--build", "--config", "/etc/registrar/registrar.yaml"]);
    const [trigger, ...environment] = container?.env ?? [];
    expect(trigger).toEqual({ name: "REGISTRAR_TRIGGER", value: "build" });
    expect(environment).toEqual(its?.env?.slice(2));
    expect({ ...container, args: [], env: [] }).toEqual({ ...its, args: [], env: [] });
  });

  it("is repeated neither by Kubernetes nor while another one runs, nor started late", async () => {
    const spec = await buildJob({ backoffLimit: 4, buildCronJob: { schedule: "@daily" } });
    expect(spec).toMatchObject({ suspend: false, concurrencyPolicy: "Forbid", startingDeadlineSeconds: 300 });
    expect(spec?.jobTemplate.spec?.backoffLimit).toBe(0);
  });

  it("has in addition to a verification the time of a build in each project, as the program reads it", async () => {
    const deadline = async (values: Values) => (await buildJob(values))?.jobTemplate.spec?.activeDeadlineSeconds;
    expect(await deadline({ build: { timeout: "1h1m8s" } })).toBe(270 + 3668);
    expect(await deadline({ build: { projects: twoProjects, timeout: "90s" } })).toBe(270 + 180);
    expect(await deadline({ build: { projects: twoProjects }, activeDeadlineSeconds: 100 })).toBe(100 + 1200);
    expect(settingsSchema.parse({}).build.timeout).toBe(600_000);
  });

  it("can be left out, and is there where nothing else is", async () => {
    const off = { enabled: false };
    const without = all(await render({ buildCronJob: off }), "CronJob").map(({ metadata }) => metadata?.name);
    expect(without).not.toContain(`${name}-build`);
    const only = { cronJob: off, manual: off, check: off };
    expect(all(await render(only), "CronJob").map(({ metadata }) => metadata?.name)).toEqual([`${name}-build`]);
  });

  it("builds neither after an install or upgrade nor on the schedule of registrations", async () => {
    const values = {
      build: { projects: twoProjects },
      buildCronJob: { schedule: "@daily" },
      test: { build: { enabled: true } },
      hooks: { rollback: true },
    };
    for (const flags of [[], ["--is-upgrade"]]) {
      const objects = await render(values, flags);
      const hooks = all(objects, "Job").map(podOf);
      for (const pod of [...hooks, scheduledPod(objects)]) {
        expect(pod.containers[0]?.args).toEqual(["register", "--config", "/etc/registrar/registrar.yaml"]);
      }
    }
  });

  it("passes its settings on", async () => {
    const build = {
      projects: twoProjects,
      baseImage: "registry.example.com/python:3.10-slim",
      pythonVersion: "3.10",
      packages: [],
      registry: "{{ .Values.image.registry }}",
      tag: "unique",
      timeout: "5m",
    };
    const expected = { ...build, registry: "registry.example.com/union", timeout: 300_000 };
    expect(settingsOf(await render({ build })).build).toEqual(expected);
    expect(settingsOf(await render()).build).toEqual(settingsSchema.parse({}).build);
  });

  it("has the logins to registries, with which checks explain a failed build", async () => {
    const values = { registry: { existingSecret: "logins" }, test: { build: { enabled: true } } };
    const objects = await render(values);
    const checks = podOf(cronJob(objects, "check").spec?.jobTemplate);
    const builds = [podOf(cronJob(objects, "build").spec?.jobTemplate), one(objects, "Pod").spec];
    for (const pod of builds) {
      expect(pod?.volumes).toEqual(checks.volumes);
      expect(pod?.containers[0]?.volumeMounts).toEqual(checks.containers[0]?.volumeMounts);
    }
    expect(scheduledPod(objects).volumes).not.toEqual(checks.volumes);
  });

  it("needs no other right, and no other egress", async () => {
    const kinds = ["Role", "RoleBinding", "NetworkPolicy"] as const;
    const given = async (values: Values) => {
      const objects = await render({ networkPolicy: { enabled: true, egressCidrs: ["10.0.0.0/8"] }, ...values });
      return kinds.map((kind) => all(objects, kind));
    };
    const building = {
      build: { projects: twoProjects },
      buildCronJob: { schedule: "@daily" },
      test: { build: { enabled: true } },
    };
    expect(await given(building)).toEqual(await given({ buildCronJob: { enabled: false } }));
  });

  it("is a part of helm test where asked, in time for Helm", async () => {
    const test = async (values: Values) => {
      const spec = one(await render(values), "Pod").spec;
      const [container] = spec?.containers ?? [];
      const timeout = container?.env?.find(({ name }) => name === "REGISTRAR_BUILD_TIMEOUT")?.value;
      return [container?.args?.slice(0, -2).join(" "), timeout, spec?.activeDeadlineSeconds];
    };
    const enabled = true;
    expect(await test({ test: { build: { timeout: "1h" } } })).toEqual(["verify", undefined, 270]);
    expect(await test({ test: { build: { enabled } } })).toEqual(["verify --build", "240s", 270]);
    const longer = { build: { enabled, timeout: "5m" } };
    expect(await test({ test: longer })).toEqual(["verify --build", "5m", 330]);
    expect(await test({ test: longer, build: { projects: twoProjects } })).toEqual(["verify --build", "5m", 630]);
    const short = { test: { build: { enabled, timeout: "10s" } }, activeDeadlineSeconds: 100 };
    expect(await test(short)).toEqual(["verify --build", "10s", 100]);

    const objects = await render({ test: { build: { enabled } }, build: { timeout: "9m" } });
    expect(settingsOf(objects, { REGISTRAR_BUILD_TIMEOUT: "240s" }).build.timeout).toBe(240_000);
  });

  it("embedded, is a part of the parent's Helm release", async () => {
    const own = { build: { projects: twoProjects }, buildCronJob: { schedule: "@daily" } };
    const objects = await rendered(major, dataplane, withValues(dataplaneValues, { imageBuilderRegistrar: own }));
    const { metadata, spec } = cronJob(objects, "build");
    expect(metadata?.name).toBe(`${name}-build`);
    expect(spec?.jobTemplate.spec?.activeDeadlineSeconds).toBe(270 + 1200);
    // The owner is the same as that of the chart alone, and so is the time.
    expect(spec?.schedule).toBe((await buildJob({ buildCronJob: own.buildCronJob }))?.schedule);
    expect(settingsOf(objects).build.projects).toEqual(twoProjects);
    expect(settingsOf(objects).cluster.chartObjects?.buildCronJob).toBe(`${name}-build`);
  });
});
