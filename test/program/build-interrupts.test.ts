import { setTimeout as after } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { ControlPlane } from "../../testing/control-plane/start.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, startProgram } from "../../testing/program/run-program.ts";
import { runBuild } from "../../testing/smoke-build/verify-build.ts";

const appVersion = "2026.3.4";

/** A control plane with this definition registered, whose builds go on until they are aborted. */
async function startPlane(createRun = { delayMilliseconds: 100 }): Promise<ControlPlane> {
  const plane = await startControlPlane({ separateDataPlane: true, builds: { end: "never", createRun } });
  plane.store({ version: appVersion });
  return plane;
}

/** The command line of a build on behalf of a Helm release of its own: builds of one and the same replace each other. */
const build = (plane: ControlPlane, cluster: string) => [
  "verify",
  "--build",
  ...against(plane),
  "--release-cluster",
  cluster,
  "--app-version",
  appVersion,
];

const going = (plane: ControlPlane) => plane.builds.runs().filter(({ hasEnded }) => !hasEnded);

/** How many builds are ended so: a few for each request; INTERRUPTS=50 for more moments. */
const interrupts = Number(process.env["INTERRUPTS"] ?? 18);

/** Requests of a build until its run is watched, and some more. */
const mostRequests = 16;

/** Starts builds one after another on some control planes at once, and ends each once it has sent a number of requests. */
async function endBuilds(
  times: number,
  end: (run: ReturnType<typeof startProgram>, index: number, plane: ControlPlane) => Promise<void>,
) {
  const left = Array.from({ length: times }, (_, index) => index);
  const work = async () => {
    const plane = await startPlane();
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      const before = plane.calls.length;
      const run = startProgram(build(plane, `c${index}`));
      // Few builds are spread over all requests too.
      const arrived = (index * 5) % mostRequests;
      await vi.waitFor(() => expect(plane.calls.length - before).toBeGreaterThanOrEqual(arrived), waiting);
      await after(Math.random() * 15);
      await end(run, index, plane);
    }
    return plane;
  };
  return await Promise.all(Array.from({ length: 3 }, work));
}

const waiting = { timeout: 20_000, interval: 5 };

describe("a build that is interrupted", () => {
  it("after any of its requests leaves no run going, and ends within 5 s", { timeout: 120_000 }, async () => {
    const planes = await endBuilds(interrupts, async (run, index) => {
      const [signal, code] = index % 2 === 0 ? (["SIGTERM", 143] as const) : (["SIGINT", 130] as const);
      const sent = performance.now();
      run.kill(signal);
      const { exitCode, signal: endedBy } = await run;
      expect(performance.now() - sent).toBeLessThan(5_000);
      // Before the program listens to signals, one ends it as it ends any process.
      expect(exitCode ?? endedBy).toBe(exitCode === undefined ? signal : code);
    });
    expect(planes.flatMap((plane) => plane.builds.runs()).length).toBeGreaterThan(interrupts / 4);
    expect(planes.flatMap(going)).toEqual([]);
    await Promise.all(planes.map((plane) => plane.stop()));
  });

  it("while CreateRun is unanswered waits for the answer, and says what it has aborted", async () => {
    await using plane = await startPlane({ delayMilliseconds: 1_500 });
    const run = startProgram(build(plane, "slow"));
    await vi.waitFor(() => expect(plane.builds.runs()).toHaveLength(1), 10_000);
    run.kill("SIGTERM");
    const { exitCode, stdout } = await run;
    const [{ name, abortReason } = { name: "", abortReason: "" }] = plane.builds.runs();
    expect(exitCode).toBe(143);
    expect(stdout).toContain(`aborted run ${name}`);
    expect(abortReason).toContain("SIGTERM");
    expect(going(plane)).toEqual([]);
  });

  it("while CreateRun is never answered aborts the run by its name", async () => {
    await using plane = await startPlane({ delayMilliseconds: 60_000 });
    const run = startProgram(build(plane, "silent"));
    await vi.waitFor(() => expect(plane.builds.runs()).toHaveLength(1), 10_000);
    const sent = performance.now();
    run.kill("SIGINT");
    expect((await run).exitCode).toBe(130);
    expect(performance.now() - sent).toBeLessThan(5_000);
    expect(going(plane)).toEqual([]);
  });
});

describe("a build that is killed", () => {
  it("after any of its requests leaves no run going once the next one has begun", { timeout: 120_000 }, async () => {
    const killed: { plane: ControlPlane; cluster: string }[] = [];
    const planes = await endBuilds(Math.ceil(interrupts / 2.5), async (run, index, plane) => {
      run.kill("SIGKILL");
      await run;
      killed.push({ plane, cluster: `c${index}` });
    });
    expect(planes.flatMap(going)).not.toEqual([]);
    for (const { builds } of planes) builds.behave({});
    for (const { plane, cluster } of killed)
      expect(await runBuild(plane, ["--release-cluster", cluster])).toMatchObject({ state: "built" });
    expect(planes.flatMap(going)).toEqual([]);
    await Promise.all(planes.map((plane) => plane.stop()));
  });
});
