import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type ApiServer, startApiServer } from "../../testing/api-server/api-server.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport, runProgram } from "../../testing/program/run-program.ts";

const status = "image-builder-registrar-status";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "registrar-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The settings file of a run in a cluster, and what else the run is given. */
async function settingsOf(appVersion: string, overrides: object = {}) {
  const cluster = { enabled: true, settingsConfigMap: "registrar" };
  const text = stringify({ appVersion, cluster, ...overrides });
  const place = join(await mkdtemp(join(folder, "run-")), "registrar.yaml");
  await writeFile(place, text);
  return { text, flags: ["--config", place] };
}

function inJob(cluster: ApiServer, trigger: string): { env: Record<string, string> } {
  return {
    env: {
      KUBECONFIG: cluster.kubeconfig,
      REGISTRAR_TRIGGER: trigger,
      REGISTRAR_CLUSTER_JOB_NAME: "registrar-upgrade",
      REGISTRAR_CLUSTER_JOB_UID: "0-1-2",
    },
  };
}

const register = (plane: ControlPlane, flags: readonly string[]) => ["register", ...against(plane), ...flags];

describe("a run in a cluster", () => {
  it("leaves an Event on its Job and its entry of the status, which status reads", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ configMaps: { [status]: { install: "kept as it is" } } });
    const { flags } = await settingsOf("2026.3.4");
    const report = await runForReport(register(plane, flags), inJob(cluster, "upgrade"));
    expect(report).toMatchObject({ state: "registered", findings: [] });
    const summary = "2026.3.4 is current in system/production";
    const involvedObject = { kind: "Job", name: "registrar-upgrade", uid: "0-1-2" };
    expect(cluster.events).toEqual([
      expect.objectContaining({
        type: "Normal",
        reason: "Registered",
        message: summary,
        involvedObject: expect.objectContaining(involvedObject),
      }),
    ]);
    const keys = Object.keys(cluster.configMaps[status] ?? {});
    expect(keys).toEqual(["install", "own", "confirmed", "upgrade", "metrics", "current"]);
    expect(cluster.configMapAnnotations[status]).toEqual({
      "image-builder-registrar.union.ai/current": "wanted",
      "image-builder-registrar.union.ai/current-owner": "test/registrar",
    });
    const writes = cluster.requests.filter((request) => request.startsWith("PATCH"));
    expect(writes, "one to note what is written, one for the status").toHaveLength(2);
    const metrics = await runProgram(
      ["status", ...against(plane), ...flags, "--output", "openmetrics"],
      inJob(cluster, "manual"),
    );
    expect(metrics).toMatchObject({ exitCode: 0, stderr: "" });
    const kept = cluster.configMaps[status]?.["metrics"]?.trimEnd().split("\n") ?? [];
    expect(metrics.stdout.trimEnd().split("\n")).toEqual(kept);

    const seen = await runForReport(["status", ...against(plane), ...flags], inJob(cluster, "manual"));
    expect(seen.runs).toEqual([
      expect.objectContaining({ trigger: "upgrade", state: "registered", summary, codes: [], exitCode: 0 }),
    ]);
    expect(cluster.events).toHaveLength(1);
  });

  it("tells of a failure that policy.failure forgives, codes and all, and of no secret", async () => {
    const secret = "canary-3f1c";
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ configMaps: { [status]: {} } });
    const { flags } = await settingsOf("2026.3.4", { policy: { failure: "warn" } });
    await plane.stop();
    const { env } = inJob(cluster, "upgrade");
    const key = Buffer.from(`127.0.0.1:id:${secret}:acme`).toString("base64");
    const args = register(plane, [...flags, "--timeouts-control-plane", "1s"]);
    const report = await runForReport(args, { env: { ...env, FLYTE_API_KEY: key } });
    expect(report).toMatchObject({ state: "failed", exitCode: 0 });
    const code = report.findings.at(-1)?.code;
    expect(cluster.events.map(({ type, message }) => [type, message.split(" ")[0]])).toContainEqual([
      "Warning",
      `${code}:`,
    ]);
    const codes = expect.arrayContaining([code]);
    expect(JSON.parse(cluster.configMaps[status]?.["upgrade"] ?? "")).toMatchObject({ state: "failed", codes });
    const told = JSON.stringify([cluster.events, cluster.configMaps]);
    expect(told).not.toContain(secret);
    expect(told).not.toContain(key);

    await using other = await startControlPlane();
    const shown = await runProgram(["status", ...against(other), ...flags], inJob(cluster, "manual"));
    const { fix, next } = report.findings.at(-1) ?? {};
    expect(shown.stdout).toContain(`, ${code}]\n             fix   ${fix}\n             next  ${next}`);
  });

  it("that finds nothing registered and may not write says so in metrics and annotations", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "permission-denied", methods: ["TaskService/DeployTask"] });
    await using cluster = await startApiServer({ configMaps: { [status]: {} } });
    const { flags } = await settingsOf("2026.3.4");
    const report = await runForReport(register(plane, flags), inJob(cluster, "upgrade"));
    expect(report).toMatchObject({ state: "failed", current: null });
    expect(cluster.configMapAnnotations[status]).toEqual({
      "image-builder-registrar.union.ai/current": "none",
      "image-builder-registrar.union.ai/current-owner": "",
    });
    const metrics = cluster.configMaps[status]?.["metrics"] ?? "";
    expect(metrics).toContain("image_builder_registrar_current_is_wanted 0\n");
    expect(metrics).not.toContain("image_builder_registrar_current_info");
  });

  it("is what status shows in each form if the control plane does not answer", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ configMaps: { [status]: {} } });
    const { flags } = await settingsOf("2026.3.4");
    await runForReport(register(plane, flags), inJob(cluster, "upgrade"));
    await plane.stop();
    const args = ["status", ...against(plane), ...flags, "--timeouts-control-plane", "1s"];
    const report = await runForReport(args, inJob(cluster, "manual"));
    expect(report).toMatchObject({ state: "failed", exitCode: 3, runs: [{ trigger: "upgrade", state: "registered" }] });
    expect(report).not.toHaveProperty("current");
    const text = await runProgram(args, inJob(cluster, "manual"));
    expect(text.stdout).toMatch(/^✔ runs .* upgrade: registered: 2026\.3\.4 is current/m);
    const metrics = await runProgram([...args, "--output", "openmetrics"], inJob(cluster, "manual"));
    expect(metrics).toMatchObject({ exitCode: 3, stderr: "" });
    expect(metrics.stdout).toContain('image_builder_registrar_last_run_success{trigger="upgrade"} 1\n');
    expect(metrics.stdout).toContain(
      'image_builder_registrar_findings{code="control-plane-refused",severity="error"} 1\n',
    );
  });

  it("registers all the same where its Role allows nothing, and says so once", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ forbidden: ["GET", "PATCH", "POST"] });
    const { flags } = await settingsOf("2026.3.4");
    const run = await runProgram(register(plane, flags), inJob(cluster, "upgrade"));
    expect(run.exitCode).toBe(0);
    expect(run.stdout.match(/WARNING/g)).toHaveLength(1);
    expect(run.stdout).toContain("WARNING cluster-not-told");
    expect(run.stdout).toMatch(
      /events is forbidden: User .*\n {8}configmaps "image-builder-registrar-status" is forbidden: User /,
    );
    expect(run.stdout).toContain("registered: 2026.3.4 is current");
  });

  it("waits for no API server that does not answer", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ silent: true });
    const { flags } = await settingsOf("2026.3.4");
    const report = await runForReport(register(plane, flags), inJob(cluster, "upgrade"));
    expect(report).toMatchObject({ state: "registered", exitCode: 0, findings: [{ code: "cluster-not-told" }] });
    expect(report.findings[0]?.why).toContain("did not answer in time");
  });

  it("registers all the same where there is no cluster, and says so once", async () => {
    await using plane = await startControlPlane();
    const { flags } = await settingsOf("2026.3.4");
    const report = await runForReport(register(plane, flags), { env: { HOME: "/nonexistent" } });
    expect(report).toMatchObject({ state: "registered", exitCode: 0, findings: [{ code: "cluster-not-told" }] });
    expect(report.findings).toHaveLength(1);
  });
});

describe("a scheduled run", () => {
  it("writes nothing where its settings have changed since its pod was started", async () => {
    await using plane = await startControlPlane();
    const [before, now] = [await settingsOf("2026.3.4"), await settingsOf("2026.3.5")];
    const configMaps = { [status]: {}, registrar: { "registrar.yaml": now.text } };
    await using cluster = await startApiServer({ configMaps });
    await runForReport(register(plane, now.flags), inJob(cluster, "upgrade"));
    const report = await runForReport(register(plane, before.flags), inJob(cluster, "schedule"));
    expect(report).toMatchObject({ state: "superseded", exitCode: 0, findings: [{ code: "release-moved-on" }] });
    expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.5"]);
  });

  it("writes where they are the same, and asks again only right before it writes", async () => {
    await using plane = await startControlPlane();
    const { flags, text } = await settingsOf("2026.3.4");
    const configMaps = { [status]: {}, registrar: { "registrar.yaml": text } };
    await using cluster = await startApiServer({ configMaps });
    const first = await runForReport(register(plane, flags), inJob(cluster, "schedule"));
    expect(first).toMatchObject({ state: "registered", findings: [] });
    expect(cluster.requests).toContain("GET configmaps/registrar");
    cluster.requests.length = 0;
    const second = await runForReport(register(plane, flags), inJob(cluster, "schedule"));
    expect(second).toMatchObject({ state: "up-to-date", findings: [] });
    expect(cluster.requests).toEqual([`PATCH configmaps/${status}`]);
  });

  it("writes nothing if another appVersion runs than it began with", async () => {
    await using plane = await startControlPlane();
    const releases = ["2026.3.4", "2026.3.5"];
    const operator = () => [{ name: "HELM_APP_VERSION", value: releases.shift() ?? "" }];
    await using cluster = await startApiServer({ configMaps: { [status]: {} }, operator });
    const source = { appVersion: undefined, appVersionFrom: "deployment/union-operator" };
    const settings = { ...source, cluster: { enabled: true } };
    const { flags } = await settingsOf("", settings);
    const report = await runForReport(register(plane, flags), inJob(cluster, "schedule"));
    expect(report).toMatchObject({ state: "superseded", findings: [{ code: "release-moved-on" }] });
    expect(plane.registrations()).toEqual([]);
  });

  it("goes on, with a warning, where it may not read its settings again", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ configMaps: { [status]: {} }, forbidden: ["GET configmaps"] });
    const { flags } = await settingsOf("2026.3.4");
    const report = await runForReport(register(plane, flags), inJob(cluster, "schedule"));
    expect(report).toMatchObject({ state: "registered", findings: [{ code: "release-not-rechecked" }] });
  });
});
