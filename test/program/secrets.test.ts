import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runProgram } from "../../testing/program/run-program.ts";

const clientSecret = "canary/Secr3t+with %signs&=";
const wrongSecret = "canary-wrong-secret";

/** Every form in which a secret could show. */
function traces(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    encoded,
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(`registrar:${encoded}`).toString("base64").replace(/=+$/, ""),
  ];
}

/** A CLI that runs the real one and writes down the command line and the environment that it was given. */
const spyingCli = (flyte: string, file: string) => `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const { appendFileSync } = require("node:fs");
appendFileSync(${JSON.stringify(file)}, JSON.stringify({ argv: process.argv, env: process.env }));
const run = spawnSync(${JSON.stringify(flyte)}, process.argv.slice(2), { stdio: "inherit" });
process.exit(run.status ?? 1);
`;

describe("secrets", () => {
  it.each([
    { name: "a registration", secret: clientSecret, exitCode: 0, deployWith: "api" },
    { name: "a registration by the flyte CLI", secret: clientSecret, exitCode: 0, deployWith: "flyte" },
    { name: "a refused login", secret: wrongSecret, exitCode: 3, deployWith: "api" },
  ])(
    "never show in $name: not in text, JSON, verbose output or the child's command line",
    async ({ secret, exitCode, deployWith }) => {
      const authority = await createAuthority("test");
      const certificate = await authority.issue();
      await using plane = await startControlPlane({
        tls: certificate,
        oauth: { clientId: "registrar", clientSecret, product: "zitadel", tls: certificate },
      });
      await using folder = await temporaryFolder();
      const [secretFile, caFile, cli, seen] = ["secret", "ca.pem", "flyte", "seen"].map((name) =>
        join(folder.path, name),
      );
      if (!secretFile || !caFile || !cli || !seen) throw new Error("unreachable");
      await writeFile(secretFile, `${secret}\n`);
      await writeFile(caFile, authority.certificatePem);
      await writeFile(seen, "");
      await writeFile(cli, spyingCli(inject("flyteCommand"), seen), { mode: 0o755 });
      const auth = ["--control-plane-auth-type", "clientSecret", "--control-plane-auth-client-id", "registrar"];
      const files = ["--control-plane-auth-client-secret-file", secretFile, "--control-plane-ca-file", caFile];
      const writer = ["--task-deploy-with", deployWith, "--flyte-command", cli];
      const flags = [...against(plane), ...writer, ...auth, ...files, "--verbose"];
      const versions = ["2026.3.4", "2026.3.5"];
      let shown = "";
      for (const [index, output] of ["text", "json"].entries()) {
        const run = await runProgram([
          "register",
          ...flags,
          "--app-version",
          versions[index] ?? "",
          "--output",
          output,
        ]);
        expect(run.exitCode).toBe(exitCode);
        shown += run.stdout + run.stderr;
      }
      const givenToChild = await readFile(seen, "utf8");
      // The spy was there, and the text is the real thing.
      if (deployWith === "flyte") expect(givenToChild).toContain("--copy-style");
      else expect(givenToChild).toBe("");
      expect(shown).toContain(exitCode === 0 ? "2026.3.5 is current" : "client-refused");
      for (const trace of traces(secret)) {
        expect(shown).not.toContain(trace);
        expect(givenToChild).not.toContain(trace);
      }
      expect(givenToChild).not.toMatch(/bearer/i);
    },
  );

  const apiKey = Buffer.from(`localhost:registrar:${clientSecret}:acme`).toString("base64");
  const inVariable = ["type", "clientSecret", "client-id", "registrar", "client-secret-variable", "HUSH"];

  it.each([
    ["FLYTE_API_KEY", { FLYTE_API_KEY: apiKey }, []],
    ["a variable that a setting names", { HUSH: clientSecret }, inVariable],
  ])("of %s serve as credentials and do not show or reach the child", async (_name, env, auth) => {
    const authority = await createAuthority("test");
    const certificate = await authority.issue();
    await using plane = await startControlPlane({
      tls: certificate,
      oauth: { clientId: "registrar", clientSecret, product: "zitadel", tls: certificate },
    });
    await using folder = await temporaryFolder();
    const caFile = join(folder.path, "ca.pem");
    const seen = join(folder.path, "seen");
    const cli = join(folder.path, "flyte");
    await writeFile(caFile, authority.certificatePem);
    await writeFile(cli, spyingCli(inject("flyteCommand"), seen), { mode: 0o755 });
    const authFlags = auth.map((word, index) => (index % 2 === 0 ? `--control-plane-auth-${word}` : word));
    const files = ["--task-deploy-with", "flyte", "--flyte-command", cli, "--control-plane-ca-file", caFile];
    const flags = [...against(plane), ...files, ...authFlags, "--verbose"];
    const run = await runProgram(["register", ...flags, "--app-version", "2026.3.4"], { env });
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("registered: 2026.3.4") });
    const givenToChild = await readFile(seen, "utf8");
    for (const trace of [...traces(clientSecret), apiKey]) {
      expect(run.stdout + run.stderr).not.toContain(trace);
      expect(givenToChild).not.toContain(trace);
    }
  });
});

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "secrets-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
