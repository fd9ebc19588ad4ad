import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/system/clock.ts";
import { type ProcessRequest, runProcess } from "../../src/system/process.ts";
import { isRunning } from "../../testing/program/is-running.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;

/** Runs a script with node. */
function run(script: string, more: Partial<ProcessRequest> = {}, signal = never) {
  const request = {
    command: process.execPath,
    args: ["-e", script],
    cwd: folder,
    environment: {},
    timeoutMilliseconds: 30_000,
  };
  return runProcess({ ...request, ...more }, signal, { kill: process.kill, clock: systemClock });
}

/** A shell script that starts another process, which shares its output, ignores SIGTERM and writes its id to a file. */
function withChild(thenDo: string): Partial<ProcessRequest> {
  const child = `trap "" TERM; echo $$ > part; mv part child; while :; do sleep 1; done`;
  return shell(`sh -c '${child}' & while ! test -f child; do sleep 0.01; done; ${thenDo}`);
}

/** A shell is the quickest program to start that can be told what to do at a signal. */
function shell(script: string): Partial<ProcessRequest> {
  return { command: "sh", args: ["-c", script], environment: { PATH: process.env["PATH"] ?? "" } };
}

const hang = "while :; do sleep 0.05; done";
const childId = async () => Number(await readFile(join(folder, "child"), "utf8"));

describe("a program", () => {
  test("gives what it printed and its exit code, which is no failure of ours", async () => {
    const result = await run(`console.log("out\\n"); console.error("err"); process.exitCode = 7`);
    expect(result).toEqual({ exitCode: 7, stdout: "out\n\n", stderr: "err\n", timedOut: false });
  });

  test("gets its arguments as they are: no shell reads them", async () => {
    const args = ["$HOME", "a b", "; echo c", "*", "`id`", "'\"", "", "é"];
    const { stdout } = await run("", {
      args: ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args],
    });
    expect(JSON.parse(stdout)).toEqual(args);
  });

  test("inherits nothing: neither environment nor input", async () => {
    vi.stubEnv("CANARY_OF_TEST", "canary");
    const script = `
      process.stdin.resume().on("end", () => console.log(JSON.stringify({ ...process.env, folder: process.cwd() })))`;
    const { stdout } = await run(script, { environment: { GIVEN: "given" } });
    vi.unstubAllEnvs();
    expect(JSON.parse(stdout)).toEqual({ GIVEN: "given", folder });
  });

  test("that is ended by a signal has the exit code that a shell gives it", async () => {
    expect(await run(`process.kill(process.pid, "SIGTERM")`)).toMatchObject({ exitCode: 143, timedOut: false });
  });

  test.each([
    ["is not there", { command: "no-such-program-of-a-test" }, "ENOENT"],
    ["is a folder", { command: tmpdir() }, "EACCES"],
  ])("that %s was never started", async (_, request, why) => {
    const result = await run("", request);
    expect(result).toMatchObject({ exitCode: undefined, timedOut: false });
    expect(String(result.startFailure)).toContain(why);
  });
});

describe("with everything that it started, a program is gone", () => {
  test("after its time is over, within five seconds, though it does not want to end", async () => {
    const started = performance.now();
    const result = await run("", { ...withChild(`trap "" TERM; echo so far; ${hang}`), timeoutMilliseconds: 500 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(result).toMatchObject({ exitCode: 137, stdout: "so far\n", timedOut: true });
    await expect.poll(async () => isRunning(await childId())).toBe(false);
  });

  test("after the run is ended, within five seconds, and the reason is thrown", async () => {
    const ending = new AbortController();
    const reason = new Error("ended by SIGTERM");
    const running = run("", withChild(hang), ending.signal).catch((error: unknown) => error);
    await expect.poll(childId, { timeout: 10_000 }).toBeGreaterThan(0);
    const pid = await childId();
    expect(isRunning(pid)).toBe(true);
    const ended = performance.now();
    ending.abort(reason);
    expect(await running).toBe(reason);
    expect(performance.now() - ended).toBeLessThan(5_000);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("after its own end, which what it left behind does not delay", async () => {
    expect(await run("", withChild("echo done"))).toMatchObject({ exitCode: 0, stdout: "done\n", timedOut: false });
    await expect.poll(async () => isRunning(await childId())).toBe(false);
  });

  test("and one that ends when asked is not killed", async () => {
    const request = { ...shell(`trap "echo asked; exit 3" TERM; ${hang}`), timeoutMilliseconds: 500 };
    expect(await run("", request)).toMatchObject({ exitCode: 3, stdout: "asked\n", timedOut: true });
  });
});

test("a run that has ended already starts nothing", async () => {
  const reason = new Error("ended by SIGTERM");
  await expect(run("", shell("echo 1 > child"), AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(childId()).rejects.toThrow("ENOENT");
});
