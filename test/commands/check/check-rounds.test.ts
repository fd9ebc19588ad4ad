import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CheckFlags } from "../../../src/commands/check/check-flags.ts";
import { runRounds } from "../../../src/commands/check/check-rounds.ts";
import type { Shell } from "../../../src/commands/shell/command.ts";
import { createObserver } from "../../../src/report/observer.ts";
import { createRedactor } from "../../../src/report/redaction.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { described } from "../../../testing/findings/described.ts";
import { createFakeWorld } from "../../fake-world.ts";

const flags: CheckFlags = {
  categories: ["settings"],
  skip: [],
  failOn: "error",
  waitMilliseconds: 20_000,
  bundle: undefined,
};
const broken = "appVersion: latest";
const sound = "appVersion: 2026.3.4\ncontrolPlane: {endpoint: union.example.com}";

/** Runs the checks of settings whose file changes from round to round; pauses take no time. */
async function rounds(files: readonly string[], { waitMilliseconds = 20_000, isOver = false } = {}) {
  let now = 0;
  let round = 0;
  const pauses: number[] = [];
  const over = AbortSignal.abort(new DOMException("over", "TimeoutError"));
  const world = createFakeWorld({
    clock: {
      ...systemClock,
      now: () => now,
      random: () => 0.5,
      async sleep(milliseconds) {
        pauses.push(milliseconds);
        now += milliseconds;
        round++;
      },
      // Only the end of the waiting is that long.
      timeout: (milliseconds) => (isOver && milliseconds === 14_000 ? over : systemClock.timeout(milliseconds)),
    },
    readFile: (path) => (path === "registrar.yaml" ? Buffer.from(files[round] ?? "") : readFileSync(path)),
  });
  const written: string[] = [];
  const redactor = createRedactor((text) => text);
  const shell: Shell = {
    world,
    invocation: { configFile: "registrar.yaml", flyteConfigFile: undefined, flags: [], environment: {} },
    redactor,
    observer: createObserver("text", false, (text) => written.push(text), redactor.redactAll),
    describe: described,
    writeError: () => {},
    writeFinding: () => {},
  };
  const { checks } = await runRounds(shell, { ...flags, waitMilliseconds });
  return { checks, written, pauses, rounds: round + 1 };
}

describe("checks that are repeated until nothing fails", () => {
  it("run once without --wait, and are shown as they end", async () => {
    const { checks, written, pauses } = await rounds([broken], { waitMilliseconds: 0 });
    expect(pauses).toEqual([]);
    expect(checks[0]).toMatchObject({ name: "parse", status: "failed", finding: { code: "settings-wrong" } });
    expect(written).toHaveLength(checks.length);
  });

  it("end with the first round that passes, and show that one only", async () => {
    const { checks, written, pauses } = await rounds([broken, broken, sound]);
    expect(pauses).toEqual([6_000, 6_000]);
    expect(checks.every(({ status }) => status === "passed")).toBe(true);
    expect(written.slice(0, 2)).toEqual(Array(2).fill("waiting: settings-wrong; again in 6 s"));
    expect(written.slice(2)).toHaveLength(checks.length);
  });

  it("do not pause beyond the end of the waiting", async () => {
    const { checks, pauses } = await rounds([broken, broken, broken, broken, sound]);
    expect(pauses).toEqual([6_000, 6_000, 6_000]);
    expect(checks[0]?.status).toBe("failed");
    expect((await rounds([broken, sound], { waitMilliseconds: 6_000 })).pauses).toEqual([]);
  });

  it("discard a round that the end of the waiting cuts short", async () => {
    const { checks, rounds: count } = await rounds([broken, sound], { isOver: true });
    expect(count).toBe(2);
    expect(checks[0]).toMatchObject({ name: "parse", status: "failed" });
  });
});
