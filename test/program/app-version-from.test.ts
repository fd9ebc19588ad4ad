import { describe, expect, it, vi } from "vitest";
import { startApiServer } from "../../testing/api-server/api-server.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport, runProgram, startProgram } from "../../testing/program/run-program.ts";

const source = ["--app-version-from", "deployment/union-operator"];

describe("appVersionFrom", () => {
  it("takes the appVersion from a Deployment in the context's namespace", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startApiServer({ operator: () => [{ name: "HELM_APP_VERSION", value: "2026.8.3" }] });
    const env = { KUBECONFIG: cluster.kubeconfig };
    const report = await runForReport(["register", ...against(plane), ...source], { env });
    expect(report).toMatchObject({ state: "registered", current: { version: "2026.8.3" } });
    expect(cluster.requests).toEqual(["GET deployments/union-operator"]);
  });

  it("gives way to appVersion, and asks no cluster then", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    const args = ["register", ...against(plane), ...source, "--app-version", "2026.3.4", "--trigger", "schedule"];
    expect(await runForReport(args)).toMatchObject({ state: "up-to-date" });
  });

  it.each([
    { operator: () => [], words: "no container of it (operator) has HELM_APP_VERSION" },
    {
      operator: () => [{ name: "HELM_APP_VERSION", value: "" }],
      words: "HELM_APP_VERSION is empty",
    },
    { forbidden: ["GET deployments"], words: 'deployments.apps "union-operator" is forbidden' },
    { words: 'deployments.apps "union-operator" not found' },
  ])("ends with 1 and says why: $words", async ({ words, ...cluster }) => {
    await using plane = await startControlPlane();
    await using server = await startApiServer(cluster);
    const env = { KUBECONFIG: server.kubeconfig };
    const run = await runProgram(["register", ...against(plane), ...source], { env });
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("ERROR app-version-not-found") });
    expect(run.stdout).toContain(words);
    expect(plane.calls).toEqual([]);
  });

  it("is no failure where SIGTERM ends the run while it waits for the API server", async () => {
    await using server = await startApiServer({ silent: true });
    const env = { KUBECONFIG: server.kubeconfig };
    const run = startProgram(["register", "--control-plane-endpoint", "https://union.invalid", ...source], { env });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), 10_000);
    run.kill("SIGTERM");
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(143);
    expect(stdout).toContain("interrupted: register was ended by SIGTERM");
  });

  it("says so where there is no cluster", async () => {
    await using plane = await startControlPlane();
    const run = await runProgram(["register", ...against(plane), ...source], { env: { HOME: "/nonexistent" } });
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("there is no kubeconfig here") });
  });
});
