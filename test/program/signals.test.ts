import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { isRunning } from "../../testing/program/is-running.ts";
import { against, runForReport, startProgram, throughFlyte } from "../../testing/program/run-program.ts";

const release = ["--app-version", "2026.3.4"];

/** A CLI that hangs with a child of its own, both deaf to SIGTERM, after writing down who they are. */
const deafCli = `#!${process.execPath}
if (process.argv[2] === "--version") {
  console.log("flyte, version 2.12.1");
  process.exit();
}
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
const child = spawn(process.execPath, ["-e", deaf], { stdio: "ignore" });
writeFileSync(__filename + ".pids", process.pid + " " + child.pid);
process.on("SIGTERM", () => {});
setInterval(() => {}, 1000);
`;

describe("SIGTERM", () => {
  it("ends a run that waits for a silent control plane, within 5 s and with 143", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    const run = startProgram(["register", ...against(plane), ...release]);
    await vi.waitFor(() => expect(plane.calls).not.toHaveLength(0), 10_000);
    const sent = performance.now();
    run.kill("SIGTERM");
    const { exitCode, stdout } = await run;
    expect(performance.now() - sent).toBeLessThan(5_000);
    expect(exitCode).toBe(143);
    expect(stdout).toContain("interrupted: register was ended by SIGTERM");
  });

  it("ends a run between two attempts at once", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "too-many-requests", retryAfterSeconds: 60 });
    const run = startProgram(["register", ...against(plane), ...release]);
    await vi.waitFor(() => expect(plane.calls).not.toHaveLength(0), 10_000);
    run.kill("SIGTERM");
    expect((await run).exitCode).toBe(143);
  });

  it("ends a deaf CLI and its deaf child, and leaves no temporary file", async () => {
    await using plane = await startControlPlane();
    await using folder = await temporaryFolder();
    const cli = join(folder.path, "flyte");
    await writeFile(cli, deafCli, { mode: 0o755 });
    const scratch = await mkdtemp(join(folder.path, "scratch-"));
    const flags = [...against(plane), ...throughFlyte(), "--flyte-command", cli, ...release];
    const run = startProgram(["register", ...flags], { env: { TMPDIR: scratch } });
    const pids = await vi.waitFor(async () => {
      const text = await readFile(`${cli}.pids`, "utf8");
      expect(text).toMatch(/^\d+ \d+$/);
      return text.split(" ").map(Number);
    }, 10_000);
    const sent = performance.now();
    run.kill("SIGTERM");
    expect((await run).exitCode).toBe(143);
    expect(performance.now() - sent).toBeLessThan(5_000);
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), 2_000);
    expect(await readdir(scratch)).toEqual([]);
  });
});

describe.each([
  { writer: "api", kills: 30, longest: 400, flags: () => [] },
  { writer: "flyte", kills: 6, longest: 2_000, flags: throughFlyte },
])("a run with $writer that is killed at any moment", ({ kills, longest, flags }) => {
  it("does no harm: the next run is right, and leaves no temporary file of either", { timeout: 120_000 }, async () => {
    await using plane = await startControlPlane();
    await using scratch = await temporaryFolder();
    const env = { TMPDIR: scratch.path };
    for (let kill = 0; kill < kills; kill++) {
      const version = `2026.3.${kill}`;
      const args = ["register", ...against(plane), ...flags(), "--app-version", version];
      const run = startProgram(args, { env });
      await Promise.race([after(Math.random() * longest), run]);
      run.kill("SIGKILL");
      await run;
      const report = await runForReport(args, { env });
      expect(report).toMatchObject({ exitCode: 0, current: { version, isWanted: true } });
      expect(plane.registrations().at(-1)?.version).toBe(version);
      expect(await readdir(scratch.path)).toEqual([]);
    }
  });
});

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "signals-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
