import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problem, type RegistrarError } from "../../src/findings/registrar-error.ts";
import { retry } from "../../src/system/retry.ts";
import { createFakeClock, type FakeClock, failureOf } from "../control-plane/sessions.ts";

const endpoint = "https://union.example.com";
const transient = (retryAfter = 0) => problem("control-plane-unavailable", { endpoint }, "HTTP 503", retryAfter);
const permanent = () => problem("permission-denied", { endpoint, identity: "registrar", request: "read" }, "no");
const never = new AbortController().signal;

/** Runs work that fails `failures` times; tells how it ended and how often it was tried. */
async function tried(
  failures: number,
  { giveUpAfter = 60_000, clock = createFakeClock(), failure = () => transient() } = {},
): Promise<{ outcome: string | RegistrarError; attempts: number; clock: FakeClock }> {
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    if (attempts <= failures) throw failure();
    return "done";
  };
  const outcome = await retry(work, giveUpAfter, clock, never).catch((error: RegistrarError) => error);
  return { outcome, attempts, clock };
}

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** On a clock that only pauses move, nothing but pauses of no time would never come to an end. */
const fairChances = fc.double({ min: 0.05, max: 1, maxExcluded: true, noNaN: true });

describe("the pauses", () => {
  test("double from a quarter of a second up to eight seconds at most", async () => {
    const { clock, outcome } = await tried(8);
    expect(outcome).toBe("done");
    expect(clock.pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  test("are drawn evenly below those bounds (full jitter)", () =>
    fc.assert(
      fc.asyncProperty(fc.array(chances, { minLength: 1, maxLength: 7 }), async (drawn) => {
        const draws = [...drawn];
        const { clock } = await tried(drawn.length, { clock: createFakeClock({ chance: () => draws.shift() ?? 0 }) });
        const bounds = drawn.map((_, index) => Math.min(8_000, 250 * 2 ** index));
        expect(clock.pauses).toEqual(drawn.map((chance, index) => chance * (bounds[index] ?? 0)));
      }),
    ));

  test("are at least what the server asks for, and never end after the deadline", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fairChances,
        async (retryAfter, giveUpAfter, chance) => {
          const clock = createFakeClock({ chance: () => chance });
          const failure = () => transient(retryAfter);
          const { outcome, attempts } = await tried(Number.POSITIVE_INFINITY, { giveUpAfter, clock, failure });
          expect(outcome).toMatchObject({ code: "control-plane-unavailable" });
          expect(clock.pauses.every((pause) => pause >= retryAfter)).toBe(true);
          expect(attempts).toBe(clock.pauses.length + 1);
          expect(clock.now()).toBeLessThan(giveUpAfter);
        },
      ),
    ));
});

describe("an error", () => {
  test("that is permanent is thrown as it is, after one attempt", async () => {
    const error = permanent();
    const { outcome, attempts, clock } = await tried(1, { failure: () => error });
    expect(outcome).toBe(error);
    expect([attempts, clock.pauses]).toEqual([1, []]);
  });

  test("that is not ours is a fault of the program, after one attempt", async () => {
    let attempts = 0;
    const work = () => Promise.reject(new TypeError(`x is not a function (attempt ${++attempts})`));
    const error = await failureOf(retry(work, 60_000, createFakeClock(), never));
    expect(error).toMatchObject({ code: "internal-error", finding: { why: "x is not a function (attempt 1)" } });
  });

  test.each([
    [1_000, "HTTP 503 (3 attempts in 0.8 s)"],
    [250, "HTTP 503 (1 attempt in 0.0 s)"],
  ])("that stays for %i ms is thrown with its cause and the number of attempts", async (giveUpAfter, why) => {
    const { outcome } = await tried(Number.POSITIVE_INFINITY, { giveUpAfter });
    expect(outcome).toMatchObject({ code: "control-plane-unavailable", transient: true, exit: 3, finding: { why } });
  });

  test("after which another one comes is forgotten", async () => {
    const errors = [transient(), permanent()];
    const work = () => Promise.reject(errors.shift());
    expect(await failureOf(retry(work, 60_000, createFakeClock(), never))).toMatchObject({
      code: "permission-denied",
      finding: { why: "no" },
    });
  });
});

describe("the end of the run", () => {
  const atDeadline = () => problem("deadline-exceeded", { seconds: 240, step: "look up" });

  /** Ends the run in the first pause, or in the second attempt. */
  async function endedWith(reason: Error, when: "in a pause" | "in an attempt"): Promise<unknown> {
    const run = new AbortController();
    const clock: FakeClock = createFakeClock({
      onPause: () => (when === "in a pause" ? run.abort(reason) : undefined),
    });
    let attempts = 0;
    const work = async (signal: AbortSignal) => {
      attempts += 1;
      if (attempts === 2) run.abort(reason);
      signal.throwIfAborted();
      throw transient();
    };
    const sleep: FakeClock["sleep"] = async (milliseconds, signal) => {
      await clock.sleep(milliseconds, signal);
      signal.throwIfAborted();
    };
    const ended = retry(work, 60_000, { ...clock, sleep }, run.signal);
    return ended.catch((error: unknown) => error);
  }

  test.each(["in a pause", "in an attempt"] as const)("by a signal, %s, is that signal", async (when) => {
    const reason = new Error("ended by SIGTERM");
    expect(await endedWith(reason, when)).toBe(reason);
  });

  test.each(["in a pause", "in an attempt"] as const)(
    "by its deadline, %s, shows the fault met before",
    async (when) => {
      expect(await endedWith(atDeadline(), when)).toMatchObject({
        code: "control-plane-unavailable",
        finding: { why: "HTTP 503 (1 attempt in 0.3 s)" },
      });
    },
  );

  test("by its deadline, before any fault was met, is the deadline", async () => {
    const run = new AbortController();
    const reason = atDeadline();
    const hanging = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const ended = retry(hanging, 60_000, createFakeClock(), run.signal);
    run.abort(reason);
    await expect(ended).rejects.toBe(reason);
  });
});

test("an attempt is told when the time is over", async () => {
  const hanging = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(transient())));
  const asked: number[] = [];
  const timeout = (milliseconds: number) => {
    asked.push(milliseconds);
    return AbortSignal.timeout(1);
  };
  await failureOf(retry(hanging, 50, { ...createFakeClock(), timeout }, never));
  expect(asked).toEqual([50]);
});

test("an attempt that is cut short hides no cause that was met before", async () => {
  const timeout = () => AbortSignal.timeout(20);
  let attempts = 0;
  const work = async (signal: AbortSignal) => {
    attempts += 1;
    if (attempts === 1) throw transient();
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw problem("control-plane-timeout", { endpoint }, "no answer in time");
  };
  const error = await failureOf(retry(work, 60_000, { ...createFakeClock(), timeout }, never));
  expect(error.code).toBe("control-plane-unavailable");
  expect(error.finding.why).toMatch(/^HTTP 503 \(2 attempts in /);
});
