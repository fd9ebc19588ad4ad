import { describe, expect, it } from "vitest";
import { runReportSchema } from "../../src/report/run-report.ts";
import { type HealthyWorld, startHealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";

const statusConfigMap = "image-builder-registrar-status";
const writes = ["TaskService/DeployTask", "ProjectService/CreateProject", "ProjectService/UpdateProject"];

/** A member that would register something else than what is current, and reports to its cluster. */
async function startMember(settings: object = {}): Promise<HealthyWorld> {
  const world = await startHealthyWorld({ run: runInProcess });
  world.cluster.configMaps[statusConfigMap] = {};
  Object.assign(world.environment, { REGISTRAR_CLUSTER_JOB_NAME: "registrar-7", REGISTRAR_CLUSTER_JOB_UID: "0-1-2" });
  Object.assign(world.settings, {
    release: { cluster: "prod-eu", namespace: "", name: "dataplane" },
    policy: { role: "member" },
    cluster: { enabled: true },
    ...settings,
  });
  return world;
}

async function run(world: HealthyWorld, args: readonly string[]) {
  const { stdout, exitCode } = await world.run([...args, "--output", "json"]);
  const report = runReportSchema.parse(JSON.parse(stdout));
  expect(report.exitCode).toBe(exitCode);
  return report;
}

const written = ({ plane }: HealthyWorld) => plane.calls.filter(({ method }) => writes.includes(method));

const differing = [
  { what: "an older appVersion", settings: { appVersion: "2026.3.5" } },
  { what: "a newer appVersion", settings: { appVersion: "2026.3.3" } },
  { what: "an appVersion that cannot be compared", settings: { appVersion: "nightly-7" } },
  { what: "another definition", settings: { task: { logLevel: 2 } } },
];

describe.each(differing)("a member, where $what is current than it would register", ({ settings }) => {
  it("writes nothing to the control plane, whatever command runs, and finds nothing wrong", async () => {
    await using world = await startMember(settings);
    for (const trigger of ["install", "upgrade", "rollback", "schedule", "test"]) {
      const report = await run(world, ["register", "--trigger", trigger]);
      expect(report).toMatchObject({ exitCode: 0, findings: [] });
      expect(["observed", "unchanged"]).toContain(report.state);
    }
    expect(await run(world, ["verify"])).toMatchObject({ state: "observed", exitCode: 0, findings: [] });
    expect(await run(world, ["status"])).toMatchObject({ state: "known", exitCode: 0, findings: [] });
    for (const flags of [[], ["--force"], ["--dry-run"]]) {
      const refused = await run(world, ["register", "--trigger", "manual", ...flags]);
      expect(refused).toMatchObject({ state: "failed", exitCode: 1, findings: [{ code: "member-never-registers" }] });
    }
    const { checks } = await world.check(["--category", "identity", "--category", "registration"]);
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
    expect(checks.find(({ name }) => name === "register")).toMatchObject({
      status: "skipped",
      detail: "policy.role is member, which registers nothing",
    });
    expect(written(world)).toEqual([]);
  });
});

describe("a member", () => {
  it("checks the images that its owner has registered, not those of its own settings", async () => {
    await using world = await startMember({ task: { imageNamePrefix: "mirror.example/union" } });
    const { checks } = await world.check(["--category", "images"]);
    const required = checks.find(({ category, name }) => category === "images" && name === "required");
    expect(required?.detail).toContain(`${world.registry.host}/union/build-image:2026.3.4`);
    expect(required?.detail).toContain(`${world.registry.host}/union/frontend-v2:2026.3.4`);
    expect(required?.detail).not.toContain("mirror.example");
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
  });

  it("says once per change what is current, and raises no Warning", async () => {
    await using world = await startMember({ appVersion: "2026.3.5", trigger: "schedule" });
    const states = [];
    for (const version of ["2026.3.4", "2026.3.4", "2026.3.9", "2026.3.9"]) {
      if (world.plane.registrations().at(-1)?.version !== version) world.plane.store({ version });
      states.push((await run(world, ["register"])).state);
    }
    expect(states).toEqual(["observed", "unchanged", "observed", "unchanged"]);
    expect(world.cluster.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      "Normal Observed",
      "Normal Observed",
    ]);
    expect(written(world)).toEqual([]);
  });

  it("proves what its owner has registered by a build", async () => {
    await using world = await startMember({ appVersion: "2026.3.5" });
    const report = await run(world, ["verify", "--build", "--dry-run"]);
    expect(report).toMatchObject({ state: "planned", exitCode: 0, findings: [] });
    expect(report.summary).toBe(
      "2026.3.4, registered by Helm release registrar, is what this member runs in system/production; nothing was built (--dry-run)",
    );
  });

  it("reports its own definition as current, if it is", async () => {
    await using world = await startMember();
    expect(await run(world, ["verify"])).toMatchObject({ state: "current", exitCode: 0 });
    expect(await run(world, ["register"])).toMatchObject({ state: "observed", exitCode: 0 });
  });

  it.each(["register", "verify"])("fails %s where nothing is registered, as builds do", async (command) => {
    await using world = await startMember({ trigger: "schedule", task: { domain: "staging" } });
    const report = await run(world, [command]);
    expect(report).toMatchObject({ exitCode: 1, findings: [{ code: "registration-missing", severity: "error" }] });
    expect(world.cluster.events[0]).toMatchObject({ type: "Warning", reason: "RegistrationMissing" });
    expect(written(world)).toEqual([]);
  });
});
