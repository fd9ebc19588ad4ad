import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CheckResult, Passed } from "../../../src/checks/engine/check.ts";
import { createSuite } from "../../../src/checks/engine/suite.ts";
import { finding } from "../../../src/findings/finding.ts";
import { problem, RegistrarError } from "../../../src/findings/registrar-error.ts";
import { systemClock } from "../../../src/system/clock.ts";

const never = new AbortController().signal;
const second = { milliseconds: 1_000 };
const instant = { milliseconds: 10 };
const alone = { needs: [], deadline: second } as const;
const pass = () => ({ value: undefined, detail: "fine" });

function open(signal = never) {
  const suite = createSuite(signal, systemClock);
  const results = async (chosen: readonly string[] = ["one"]) => {
    const told: CheckResult[] = [];
    await suite.run(chosen, (result) => told.push(result));
    return told;
  };
  return { suite, results };
}
const shortly = (results: readonly CheckResult[]) => results.map(({ name, status, detail }) => [name, status, detail]);

/** A check that fails. */
function fail(): Passed<number> {
  throw problem("api-key-missing", {});
}

describe("a suite", () => {
  it("gives results in the order in which checks were added, whatever ends first", async () => {
    const { suite, results } = open();
    const gate = Promise.withResolvers<void>();
    suite.check("one/slow", "", alone, async () => {
      await gate.promise;
      return { value: undefined, detail: "at last" };
    });
    suite.check("one/quick", "", alone, () => {
      gate.resolve();
      return { value: undefined, detail: "at once" };
    });
    expect(shortly(await results())).toEqual([
      ["slow", "passed", "at last"],
      ["quick", "passed", "at once"],
    ]);
  });

  it("gives each result with its category, name and title", async () => {
    const { suite, results } = open();
    suite.check("one/plain", "it works", alone, pass);
    expect(await results()).toEqual([
      {
        category: "one",
        name: "plain",
        title: "it works",
        status: "passed",
        detail: "fine",
        milliseconds: expect.any(Number),
      },
    ]);
  });

  it("measures how long a check took, without the wait for those that it needs", async () => {
    let now = 0;
    const clock = { ...systemClock, now: () => now };
    const suite = createSuite(never, clock);
    const spend = (milliseconds: number) => () => {
      now += milliseconds;
      return pass();
    };
    const first = suite.check("one/first", "", alone, spend(70.4));
    suite.check("one/second", "", { needs: [first], deadline: second }, spend(5.4));
    const told: CheckResult[] = [];
    await suite.run(["one"], (result) => told.push(result));
    expect(told.map(({ milliseconds }) => milliseconds)).toEqual([70, 5]);
  });

  it("hands on what was found, in the order of the needs", async () => {
    const { suite, results } = open();
    const one = suite.check("one/one", "", alone, () => ({ value: 1, detail: "1" }));
    const two = suite.check("one/two", "", alone, () => ({ value: "2", detail: "2" }));
    suite.check("one/both", "", { needs: [one, two], deadline: second }, ([number, text]) => ({
      value: undefined,
      detail: `${number + 1}${text.length}`,
    }));
    expect(shortly(await results()).at(-1)).toEqual(["both", "passed", "21"]);
  });

  it("runs a check once, however many need it", async () => {
    const { suite, results } = open();
    let runs = 0;
    const base = suite.check("one/base", "", alone, () => ({ value: ++runs, detail: "" }));
    suite.check("one/left", "", { needs: [base], deadline: second }, pass);
    suite.check("one/right", "", { needs: [base], deadline: second }, pass);
    await results();
    expect((await base.run()).value).toEqual({ of: 1 });
    expect(runs).toBe(1);
  });

  it("skips what needs a failed check, and names the root", async () => {
    const { suite, results } = open();
    const root = suite.check("one/root", "", alone, fail);
    const middle = suite.check("one/middle", "", { needs: [root], deadline: second }, pass);
    suite.check("one/leaf", "", { needs: [middle], deadline: second }, pass);
    suite.check("one/apart", "", alone, pass);
    const told = await results();
    expect(shortly(told).map(([, ...rest]) => rest)).toEqual([
      ["failed", ""],
      ["skipped", "one/root failed"],
      ["skipped", "one/root failed"],
      ["passed", "fine"],
    ]);
    const id = { category: "one", name: "root", status: "failed" };
    expect(told.map(({ root: found }) => found)).toEqual([undefined, id, id, undefined]);
    expect(told.flatMap(({ finding: found }) => found ?? [])).toMatchObject([
      { code: "api-key-missing", severity: "error" },
    ]);
  });

  it.each([
    ["error", "failed"],
    ["warning", "warning"],
  ] as const)("goes on with what is left of a check with an %s of a part", async (severity, status) => {
    const { suite, results } = open();
    const found = finding(severity, "build-namespaces-none", { selector: "a=b", namespaces: ["union"] });
    const flawed = suite.check("one/flawed", "", alone, () => ({ value: 1, finding: found }));
    suite.check("one/rest", "", { needs: [flawed], deadline: second }, ([value]) => ({ value, detail: `${value}` }));
    const told = await results();
    expect(shortly(told)).toEqual([
      ["flawed", status, ""],
      ["rest", "passed", "1"],
    ]);
    expect(told[0]?.finding).toEqual(found);
  });

  it("warns if a check only warns, or its finding is a warning", async () => {
    const { suite, results } = open();
    suite.check("one/light", "", { ...alone, severity: "warning" }, () => {
      throw problem("tls-expires-soon", { endpoint: "https://a", days: 3 });
    });
    suite.check("one/heavy", "", alone, () => {
      throw new RegistrarError(finding("warning", "insecure-without-token", {}));
    });
    const told = await results();
    expect(told.map(({ status, finding: found }) => [status, found?.code, found?.severity])).toEqual([
      ["warning", "tls-expires-soon", "warning"],
      ["warning", "insecure-without-token", "warning"],
    ]);
  });

  it("skips what needs a check that warned", async () => {
    const { suite, results } = open();
    const light = suite.check("one/light", "", { ...alone, severity: "warning" }, fail);
    suite.check("one/behind", "", { needs: [light], deadline: second }, pass);
    expect(shortly(await results()).at(-1)).toEqual(["behind", "skipped", "one/light could not tell"]);
  });

  it("waits for a check whose error would be its own, and is skipped because of it", async () => {
    const { suite, results } = open();
    const root = suite.check("one/root", "", alone, fail);
    const middle = suite.check("one/middle", "", { needs: [root], deadline: second }, pass);
    suite.check("one/later", "", { needs: [], after: [root], deadline: second }, pass);
    suite.check("one/last", "", { needs: [], after: [middle], deadline: second }, pass);
    expect(shortly(await results()).slice(2)).toEqual([
      ["later", "skipped", "one/root failed"],
      ["last", "skipped", "one/root failed"],
    ]);
  });

  it("skips a check whose subject another one's finding is about, and names that one", async () => {
    const { suite, results } = open();
    const about = finding("warning", "api-key-missing", {});
    const other = suite.check("one/other", "", alone, () => ({ finding: about, value: undefined }));
    const explained = suite.check("one/explained", "", alone, async () => ({
      explainedBy: (await other.run()).result,
    }));
    suite.check("one/after", "", { ...alone, needs: [explained] }, pass);
    const because = "one/other could not tell";
    expect(shortly(await results())).toEqual([
      ["other", "warning", ""],
      ["explained", "skipped", because],
      ["after", "skipped", because],
    ]);
  });

  it("does not mind that a check before it does not apply, or could not tell", async () => {
    const { suite, results } = open();
    const needless = suite.check("one/needless", "", alone, () => ({ notNeeded: "there is none" }));
    const unsure = suite.check("one/unsure", "", { ...alone, severity: "warning" }, fail);
    const behind = suite.check("one/behind", "", { needs: [unsure], deadline: second }, pass);
    suite.check("one/later", "", { needs: [], after: [needless, unsure, behind], deadline: second }, pass);
    expect(shortly(await results()).at(-1)).toEqual(["later", "passed", "fine"]);
  });

  it("runs what is chosen and what that needs, and reports of the latter only what is wrong", async () => {
    const { suite, results } = open();
    const ran: string[] = [];
    const run = (name: string) => () => {
      ran.push(name);
      return pass();
    };
    const base = suite.check("one/base", "", alone, run("base"));
    const broken = suite.check("one/broken", "", { needs: [base], deadline: second }, fail);
    const unsure = suite.check("one/unsure", "", { ...alone, severity: "warning" }, fail);
    suite.check("one/apart", "", alone, run("apart"));
    suite.check("two/chosen", "", { needs: [base], deadline: second }, run("chosen"));
    suite.check("two/stopped", "", { needs: [broken], deadline: second }, run("stopped"));
    suite.check("two/doubtful", "", { needs: [unsure], deadline: second }, run("doubtful"));
    const told = await results(["two"]);
    expect(told.map(({ name, status }) => [name, status])).toEqual([
      ["broken", "failed"],
      ["unsure", "warning"],
      ["chosen", "passed"],
      ["stopped", "skipped"],
      ["doubtful", "skipped"],
    ]);
    expect(ran).toEqual(["base", "chosen"]);
  });

  it("stops at what could not be found out, and at what is not needed", async () => {
    const { suite, results } = open();
    const unknown = suite.check("one/unknown", "", alone, () => ({
      unknown: finding("warning", "cluster-unreadable", { subject: "it" }),
    }));
    suite.check("one/behind", "", { needs: [unknown], deadline: second }, pass);
    const needless = suite.check("one/needless", "", alone, () => ({ notNeeded: "no cluster" }));
    suite.check("one/last", "", { needs: [needless], deadline: second }, pass);
    const elsewhere = suite.check("one/elsewhere", "", alone, () => ({ notHere: "only pods know" }));
    suite.check("one/either", "", { needs: [elsewhere], deadline: second }, pass);
    const told = await results();
    expect(shortly(told).map(([name, status, detail]) => `${name} ${status}: ${detail}`)).toEqual([
      "unknown warning: ",
      "behind skipped: one/unknown could not tell",
      "needless skipped: no cluster",
      "last skipped: no cluster",
      "elsewhere skipped: only pods know",
      "either skipped: only pods know",
    ]);
    expect(told.map(({ skipped }) => skipped)).toEqual([
      undefined,
      "blocked",
      "not-needed",
      "not-needed",
      "not-here",
      "not-here",
    ]);
    expect(told[0]?.finding?.code).toBe("cluster-unreadable");
    expect(told.map(({ root }) => root?.name)).toEqual([
      undefined,
      "unknown",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("ends a check at its deadline with check-timeout, even one that ignores it", async () => {
    const { suite, results } = open();
    suite.check("one/deaf", "", { needs: [], deadline: instant }, () => new Promise<never>(() => {}));
    const [result] = await results();
    expect(result?.finding).toMatchObject({ code: "check-timeout", args: { check: "one/deaf", seconds: 0.01 } });
  });

  it("counts a check-timeout as the check counts", async () => {
    const { suite, results } = open();
    const options = { needs: [], deadline: instant, severity: "warning" } as const;
    suite.check("one/deaf", "", options, () => new Promise<never>(() => {}));
    expect(await results()).toMatchObject([{ status: "warning", finding: { severity: "warning" } }]);
  });

  it("is check-timeout, too, if what a check waits for rejects with the signal's reason", async () => {
    const { suite, results } = open();
    const wait = (_found: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    suite.check("one/program", "", { needs: [], deadline: instant }, wait);
    const [result] = await results();
    expect(result?.finding).toMatchObject({ code: "check-timeout", args: { check: "one/program" } });
  });

  it("lets a check name the cause itself after its deadline", async () => {
    const { suite, results } = open();
    suite.check("one/polite", "", { needs: [], deadline: instant }, async (_found, signal) => {
      await delay(5_000, undefined, { signal }).catch(() => delay(50));
      throw problem("control-plane-timeout", { endpoint: "https://a" });
    });
    expect((await results())[0]?.finding?.code).toBe("control-plane-timeout");
  });

  it("ends every check when its own signal does", async () => {
    const controller = new AbortController();
    const { suite, results } = open(controller.signal);
    suite.check("one/deaf", "", alone, () => new Promise<never>(() => {}));
    controller.abort(new DOMException("over", "TimeoutError"));
    expect((await results())[0]?.finding?.code).toBe("check-timeout");
  });

  it("reports an error without a code as an internal one, with its message", async () => {
    const { suite, results } = open();
    suite.check("one/broken", "", alone, () => {
      throw new TypeError("x is not a function");
    });
    expect((await results())[0]?.finding).toMatchObject({ code: "internal-error", why: "x is not a function" });
  });
});
