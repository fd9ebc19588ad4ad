import { describe, expect, it } from "vitest";
import { runReportSchema } from "../../src/report/run-report.ts";
import type { StoredRegistration } from "../../testing/control-plane/registrations.ts";
import { type HealthyWorld, startHealthyWorld, type WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";

const status = "image-builder-registrar-status";
const minute = 60_000;

/** A data plane whose scheduled runs rely for an hour on the last answer. */
async function startDataPlane(settings: object = {}, options: WorldOptions = {}): Promise<HealthyWorld> {
  const world = await startHealthyWorld({ run: runInProcess, ...options });
  world.cluster.configMaps[status] = {};
  Object.assign(world.settings, {
    release: { cluster: "prod-eu", namespace: "", name: "dataplane" },
    policy: { lookAgainAfter: "1h" },
    cluster: { enabled: true },
    ...settings,
  });
  return world;
}

/** Runs it, and counts its requests: for the login to control plane and identity provider, and about the task. */
async function run(world: HealthyWorld, command: string, trigger: string, ...flags: string[]) {
  const before = world.plane.calls.length;
  const { stdout } = await world.run([command, "--trigger", trigger, "--output", "json", ...flags]);
  const report = runReportSchema.parse(JSON.parse(stdout));
  const calls = world.plane.calls.slice(before).map(({ method }) => method.split("/")[0]);
  const countOf = (service: string) => calls.filter((called) => called === service).length;
  const asked = { metadata: countOf("AuthMetadataService"), tokens: countOf("token"), tasks: countOf("TaskService") };
  const codes = report.findings.map(({ code }) => code);
  return { state: report.state, codes, ...asked, summary: report.summary };
}

const asks = { metadata: 2, tokens: 1, tasks: 2 };
const asksNothing = { metadata: 0, tokens: 0, tasks: 0 };

/** Moves the time of the last answer. */
function age(world: HealthyWorld, milliseconds: number): void {
  const data = world.cluster.configMaps[status] ?? {};
  const last = JSON.parse(data["confirmed"] ?? "") as { time: string };
  const time = new Date(Date.now() - milliseconds).toISOString();
  data["confirmed"] = JSON.stringify({ ...last, time });
}

describe("scheduled runs with policy.lookAgainAfter", () => {
  it("ask nothing and log in to nothing after a run that left nothing to do, until the time is over", async () => {
    await using world = await startDataPlane();
    expect(await run(world, "register", "upgrade")).toMatchObject({ state: "up-to-date", ...asks });
    const relies = await run(world, "register", "schedule");
    expect(relies).toMatchObject({ state: "not-due", codes: [], ...asksNothing });
    expect(relies.summary).toMatch(
      /^2026\.3\.4 is current in system\/production by the last answer; the control plane is asked again from 20.*Z /,
    );
    age(world, 58 * minute);
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "not-due", ...asksNothing });
    age(world, 59 * minute);
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "up-to-date", ...asks });
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "not-due", ...asksNothing });
    expect(world.cluster.events).toEqual([]);
  });

  it.each([
    { what: "the appVersion", change: { appVersion: "2026.3.5" }, state: "registered" },
    { what: "a setting of the task", change: { task: { logLevel: 2 } }, state: "registered" },
    { what: "the role", change: { policy: { lookAgainAfter: "1h", role: "member" } }, state: "unchanged" },
    { what: "the Helm release", change: { release: { cluster: "other" } }, state: "up-to-date" },
  ])("ask at once where $what has changed, as a rollback does", async ({ change, state }) => {
    await using world = await startDataPlane();
    // Its own registration: a rollback replaces no other.
    await run(world, "register", "upgrade", "--task-log-level", "3");
    await run(world, "register", "upgrade");
    Object.assign(world.settings, change);
    expect(await run(world, "register", "schedule")).toMatchObject({ state, metadata: 2, tokens: 1 });
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "not-due", ...asksNothing });
  });

  it("go back at once from what a run has written that could not tell the status", async () => {
    const forbidden: string[] = [];
    const onDeployed = ({ version }: StoredRegistration) => {
      if (version === "2026.3.5") forbidden.push("PATCH configmaps");
    };
    await using world = await startDataPlane({}, { cluster: { forbidden }, plane: { onDeployed } });
    await run(world, "register", "upgrade", "--task-log-level", "3");
    await run(world, "register", "upgrade");
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "not-due" });
    const upgraded = await run(world, "register", "upgrade", "--app-version", "2026.3.5");
    expect(upgraded).toMatchObject({ state: "registered", codes: ["cluster-not-told"] });
    forbidden.length = 0;
    const back = await run(world, "register", "schedule");
    expect(back).toMatchObject({ state: "registered", summary: expect.stringContaining("(before: 2026.3.5)") });
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "not-due", ...asksNothing });
  });

  it("ask again as long as a run finds something, and once a verification has", async () => {
    await using world = await startDataPlane();
    await run(world, "register", "upgrade");
    world.plane.store({ version: "2026.3.4-r1" });
    expect(await run(world, "verify", "test")).toMatchObject({ state: "not-current" });
    for (let repeated = 0; repeated < 2; repeated++) {
      const again = await run(world, "register", "schedule");
      expect(again).toMatchObject({ codes: ["registration-conflict"], ...asks });
    }
  });

  it.each([
    { what: "the time of the answer is ahead", spoil: (world: HealthyWorld) => age(world, -minute) },
    {
      what: "a person has broken it",
      spoil: ({ cluster }: HealthyWorld) => {
        cluster.configMaps[status] = { confirmed: "{" };
      },
    },
    {
      what: "the status is gone",
      spoil: ({ cluster }: HealthyWorld) => {
        delete cluster.configMaps[status];
      },
    },
  ])("ask where $what", async ({ spoil }) => {
    await using world = await startDataPlane();
    await run(world, "register", "upgrade");
    spoil(world);
    expect(await run(world, "register", "schedule")).toMatchObject({ state: "up-to-date", ...asks });
  });

  it("are the only ones that rely on it", async () => {
    await using world = await startDataPlane();
    for (const trigger of ["install", "upgrade", "rollback", "manual"]) {
      expect(await run(world, "register", trigger)).toMatchObject({ state: "up-to-date", ...asks });
    }
    expect(await run(world, "verify", "test")).toMatchObject({ state: "current", ...asks });
    expect(await run(world, "register", "schedule", "--dry-run")).toMatchObject({ state: "up-to-date", ...asks });
  });

  it.each([
    { what: "plans", flags: ["register", "upgrade", "--app-version", "2026.3.5"], state: "planned" },
    { what: "has nothing to do", flags: ["register", "schedule"], state: "up-to-date" },
    { what: "fails", flags: ["register", "upgrade", "--control-plane-auth-client-id", "other"], state: "failed" },
  ] as const)(
    "say nothing to the cluster where a dry run $what",
    async ({ flags: [command, trigger, ...flags], state }) => {
      await using world = await startDataPlane({
        cluster: { enabled: true, jobName: "registrar-1", jobUid: "5e7f0d1c" },
      });
      expect(await run(world, command, trigger, ...flags, "--dry-run")).toMatchObject({ state });
      expect(world.cluster.configMaps[status]).toEqual({});
      expect(world.cluster.events).toEqual([]);
    },
  );

  it("keep and use no answer without the setting, or without a status", async () => {
    for (const without of [{ policy: {} }, { cluster: { enabled: false } }]) {
      await using world = await startDataPlane(without);
      await run(world, "register", "upgrade");
      expect(await run(world, "register", "schedule")).toMatchObject({ state: "up-to-date", ...asks });
      expect(world.cluster.configMaps[status]).not.toHaveProperty("confirmed");
    }
  });
});
