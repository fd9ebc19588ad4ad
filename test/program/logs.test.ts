import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { type LogLine, logLineSchema } from "../../src/report/log/log-line.ts";
import { startApiServer } from "../../testing/api-server/api-server.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runProgram, startProgram } from "../../testing/program/run-program.ts";

const asJson = ["--log-format", "json"];
const wanted = ["--app-version", "2026.3.4"];

/** Both streams of a run as a collector of a pod's log gets them: every line is one of the schema. */
function linesOf({ stdout, stderr }: { stdout: string; stderr: string }): LogLine[] {
  const lines = [stdout, stderr].flatMap((stream) => stream.split("\n").filter((line) => line !== ""));
  return lines.map((line) => logLineSchema.parse(JSON.parse(line)));
}

it("a registration is a line for each step, and its state last", async () => {
  await using plane = await startControlPlane();
  const run = await runProgram(["register", ...against(plane), ...wanted, ...asJson]);
  const lines = linesOf(run);
  expect(lines[0]).toMatchObject({ level: "info", subject: { appVersion: "2026.3.4", org: "acme" } });
  expect(lines.flatMap(({ step }) => step ?? [])).toContain("look up");
  const origin = { trigger: "manual", release: "test/registrar", appVersion: "2026.3.4" };
  expect(lines.at(-1)).toMatchObject({ state: "registered", exitCode: 0, command: "register", ...origin });
  expect(run.stderr).toBe("");
});

it("a run that SIGTERM ends is one of lines too", async () => {
  await using plane = await startControlPlane();
  await plane.setFault({ kind: "hang" });
  const run = startProgram(["register", ...against(plane), ...wanted, ...asJson]);
  await vi.waitFor(() => expect(plane.calls).not.toHaveLength(0), 10_000);
  run.kill("SIGTERM");
  const lines = linesOf(await run);
  expect(lines.at(-1)).toMatchObject({ level: "error", state: "interrupted", exitCode: 143 });
});

it("a check, with a support bundle in the log, is lines", async () => {
  await using plane = await startControlPlane();
  const run = await runProgram(["check", ...against(plane), ...wanted, ...asJson, "--bundle", "-"]);
  const lines = linesOf(run);
  expect(lines.filter(({ check }) => check !== undefined).length).toBeGreaterThan(20);
  expect(lines.some(({ message }) => message.startsWith("support.tgz "))).toBe(true);
  const origin = { trigger: "manual", release: "test/registrar", appVersion: "2026.3.4" };
  const filtered = lines.filter(({ code, exitCode }) => code !== undefined || exitCode !== undefined);
  expect(filtered.length).toBeGreaterThan(1);
  for (const line of filtered) expect(line).toMatchObject(origin);
});

it("a check whose appVersion is that of a Deployment has it in its last line", async () => {
  await using plane = await startControlPlane();
  const operator = () => [{ name: "HELM_APP_VERSION", value: "2026.3.5" }];
  await using cluster = await startApiServer({ operator });
  const args = ["check", ...against(plane), ...asJson, "--app-version-from", "deployment/union-operator"];
  const lines = linesOf(await runProgram(args, { env: { KUBECONFIG: cluster.kubeconfig } }));
  expect(lines.at(-1)).toMatchObject({ release: "test/registrar", appVersion: "2026.3.5" });
});

it("a refused login shows no secret in any line", async () => {
  const secret = 'canary"Secr3t\\of';
  const authority = await createAuthority("test");
  const tls = await authority.issue();
  await using plane = await startControlPlane({ tls, oauth: { clientId: "registrar", clientSecret: "other", tls } });
  const folder = await mkdtemp(join(tmpdir(), "logs-test-"));
  try {
    const [secretFile, caFile] = [join(folder, "secret"), join(folder, "ca.pem")];
    await writeFile(secretFile, `${secret}\n`);
    await writeFile(caFile, authority.certificatePem);
    const auth = ["--control-plane-auth-type", "clientSecret", "--control-plane-auth-client-id", "registrar"];
    const files = ["--control-plane-auth-client-secret-file", secretFile, "--control-plane-ca-file", caFile];
    const run = await runProgram(["register", ...against(plane), ...auth, ...files, ...wanted, ...asJson]);
    expect(linesOf(run)).toContainEqual(expect.objectContaining({ level: "error", code: "client-refused" }));
    for (const trace of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      expect(run.stdout + run.stderr).not.toContain(trace);
  } finally {
    await rm(folder, { recursive: true });
  }
});
