import { describe, expect, it } from "vitest";
import { finding } from "../../src/findings/finding.ts";
import { createRecorder } from "../../src/report/recorder.ts";
import type { Step } from "../../src/report/run-report.ts";
import { systemClock } from "../../src/system/clock.ts";

function recorder() {
  let now = 0;
  const told: Step[] = [];
  const clock = { ...systemClock, now: () => now, sleep: () => Promise.resolve(), random: () => 0 };
  const recorded = createRecorder(clock.now, (step) => told.push(step));
  return { ...recorded, recorded, told, pass: (milliseconds: number) => (now += milliseconds) };
}

describe("the recorder", () => {
  it("times a step, describes its outcome and tells of it as it ends", async () => {
    const { recorded, told, pass } = recorder();
    const outcome = await recorded.step(
      "plan",
      () => pass(12.4),
      () => ({ status: "warning", detail: "odd" }),
    );
    expect(outcome).toBe(12.4);
    expect(told).toEqual([{ name: "plan", status: "warning", detail: "odd", milliseconds: 12 }]);
    expect(recorded.steps).toEqual(told);
  });

  it("records a step that fails, and lets the error through", async () => {
    const { recorded, told } = recorder();
    const failed = recorded.step(
      "deploy",
      () => Promise.reject(new Error("boom")),
      () => "never",
    );
    await expect(failed).rejects.toThrow("boom");
    expect(told).toMatchObject([{ name: "deploy", status: "failed" }]);
    expect(recorded.current()).toBe("deploy");
  });

  it("keeps what is known until it is learnt anew, or no longer known", () => {
    const { recorded } = recorder();
    recorded.learn({ current: null });
    recorded.learn({ runs: [] });
    expect(recorded.known).toEqual({ current: null, runs: [] });
    recorded.learn({ current: undefined });
    expect(recorded.known.current).toBeUndefined();
  });

  it("keeps a warning once, however often it is met", () => {
    const { recorded } = recorder();
    for (let times = 0; times < 3; times++) recorded.warn(finding("warning", "insecure-without-token", {}));
    expect(recorded.warnings).toHaveLength(1);
  });

  it("keeps two warnings of one code that say different things", () => {
    const { recorded } = recorder();
    const one = finding("warning", "cluster-name-missing", { owner: "union/one" });
    const other = finding("warning", "cluster-name-missing", { owner: "union/other" });
    for (const warning of [one, other, one]) recorded.warn(warning);
    expect(recorded.warnings).toEqual([one, other]);
  });
});
