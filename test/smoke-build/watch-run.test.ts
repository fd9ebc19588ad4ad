import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import type { PodLog } from "../../src/smoke-build/pod-log.ts";
import { createRunChanges } from "../../src/smoke-build/run-changes.ts";
import type { RunState } from "../../src/smoke-build/run-state.ts";
import { watchRun } from "../../src/smoke-build/watch-run.ts";
import { type Clock, systemClock } from "../../src/system/clock.ts";
import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { methods, openSession, targetOf } from "../control-plane/sessions.ts";

const run = { org: "acme", project: "flytesnacks", domain: "development", name: "smoke-1" };
const task = { project: "system", domain: "production", name: "build-image", version: "2026.3.4" };
const request = "run tasks in flytesnacks/development";

const start = (builds: BuildBehavior = {}) => startControlPlane({ builds, projects: [{ id: run.project }] });

const noLog: PodLog = {
  text: () => "",
  lastLine: () => "",
  isCutShort: () => false,
  isComplete: () => true,
  follow: async () => {},
  read: async () => {},
};

/** A clock whose pauses end only with their signal. */
const endlessPauses: Clock = {
  ...systemClock,
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
    }),
};

/** A clock whose pauses take a hundredth of their time. */
const shortPauses: Clock = { ...systemClock, sleep: (milliseconds) => sleep(milliseconds / 100) };

/** Watches a run that begins now. */
async function watch(plane: ControlPlane, clock: Clock, signal = AbortSignal.timeout(10_000)): Promise<RunState> {
  plane.store(task);
  await connectTo(RunService, plane).createRun({
    id: { case: "runId", value: run },
    task: { case: "taskId", value: task },
  });
  using opened = openSession(targetOf(plane), { clock: { ...systemClock, pauses: [] } });
  const { session } = opened;
  const nobody = () => Promise.reject(new Error("the data plane is not asked"));
  const requests = {
    ask: <T>(_: unknown, work: Parameters<typeof session.call<T>>[1]) => session.call(request, work),
    askDataPlane: nobody,
    route: nobody,
  };
  const changes = createRunChanges({ clock, run, request }, session);
  const parts = { requests, log: noLog, changes, signal };
  return await watchRun({ clock, run, showProgress: () => {} }, parts, () => {});
}

const asked = (plane: ControlPlane, method: string) => methods(plane).filter((name) => name === method).length;

describe("a run", () => {
  test("is asked about when the stream tells of a change, however long the pauses are", async () => {
    await using plane = await start({ phaseMilliseconds: 100 });
    expect(await watch(plane, endlessPauses)).toMatchObject({ phase: "succeeded", hasEnded: true });
    // Once at first, once for what the stream begins with, and once for each change.
    expect(asked(plane, "RunService/GetActionDetails")).toBeLessThanOrEqual(6);
  });

  test.each<{ why: string; builds: BuildBehavior }>([
    { why: "has no stream", builds: { refuse: { "watch-action-details": { code: "unimplemented", message: "no" } } } },
    { why: "refuses it", builds: { refuse: { "watch-action-details": { code: "permission_denied", message: "no" } } } },
    { why: "cuts it", builds: { cutStreams: true } },
  ])("is asked about again and again where the control plane $why", async ({ builds }) => {
    await using plane = await start({ phaseMilliseconds: 50, ...builds });
    expect(await watch(plane, shortPauses)).toMatchObject({ phase: "succeeded" });
    expect(asked(plane, "RunService/GetActionDetails")).toBeGreaterThan(2);
  });

  test.each([
    { code: "unavailable", more: true },
    { code: "unimplemented", more: false },
  ])("is watched again after $code: $more", async ({ code, more }) => {
    await using plane = await start({
      phaseMilliseconds: 100,
      refuse: { "watch-action-details": { code, message: "no" } },
    });
    await watch(plane, shortPauses);
    expect(asked(plane, "RunService/WatchActionDetails") > 1).toBe(more);
  });

  test("is not watched if it has ended at the first question", async () => {
    await using plane = await start();
    await watch(plane, endlessPauses);
    expect(asked(plane, "RunService/WatchActionDetails")).toBe(0);
  });

  test("is left when the signal says so, while neither stream nor answers tell of an end", async () => {
    await using plane = await start({ end: "never" });
    const end = new AbortController();
    const watching = watch(plane, endlessPauses, end.signal);
    await expect.poll(() => asked(plane, "RunService/WatchActionDetails")).toBe(1);
    end.abort(new Error("SIGTERM"));
    await expect(watching).rejects.toThrow("SIGTERM");
  });
});
