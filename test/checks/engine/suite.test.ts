import { setTimeout as after } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Category, type CheckResult, categories, createSuite } from "../../../src/checks/engine/suite.ts";
import { catalogue, finding, problem, RegistrarError } from "../../../src/findings/registrar-error.ts";
import { systemClock } from "../../../src/system/clock.ts";

const never = new AbortController().signal;
const clock = { ...systemClock, now: () => performance.now(), sleep: async () => {}, random: () => 0 };
const category = "settings";
const fine = {
  category,
  title: "it works",
  severity: "error",
  needs: [],
  deadline: 1_000,
  run: () => ({ value: undefined, detail: "fine" }),
} as const;

function open(signal = never) {
  const suite = createSuite(signal, clock);
  const results = async (chosen: readonly Category[] = categories) => {
    const told: CheckResult[] = [];
    await suite.run(chosen, (result) => told.push(result));
    return told;
  };
  return { suite, results };
}
const shortly = (results: readonly CheckResult[]) => results.map(({ name, status, detail }) => [name, status, detail]);

describe("a suite", () => {
  it("tells results in the order in which checks were added, whatever ends first", async () => {
    const { suite, results } = open();
    const gate = Promise.withResolvers<void>();
    suite.check({
      ...{ ...fine, name: "slow" },
      run: async () => {
        await gate.promise;
        return { value: undefined, detail: "at last" };
      },
    });
    suite.check({
      ...{ ...fine, name: "quick" },
      run: () => {
        gate.resolve();
        return { value: undefined, detail: "at once" };
      },
    });
    expect(shortly(await results())).toEqual([
      ["slow", "passed", "at last"],
      ["quick", "passed", "at once"],
    ]);
  });

  it("hands on what was found", async () => {
    const { suite, results } = open();
    const one = suite.check({ ...fine, name: "one", run: () => ({ value: 1, detail: "1" }) });
    const two = suite.check({ ...fine, name: "two", run: () => ({ value: "2", detail: "2" }) });
    suite.check({
      ...{ ...fine, name: "both", needs: [one, two] },
      run: ([number, text]) => ({ value: undefined, detail: `${number + 1}${text.length}` }),
    });
    expect(shortly(await results()).at(-1)).toEqual(["both", "passed", "21"]);
  });

  it("skips what needs a failed check, and names the root", async () => {
    const { suite, results } = open();
    const root = suite.check({
      ...{ ...fine, name: "root" },
      run: (): { value: number; detail: string } => {
        throw problem("api-key-missing", {});
      },
    });
    const middle = suite.check({ ...fine, name: "middle", needs: [root] });
    suite.check({ ...fine, name: "leaf", needs: [middle] });
    suite.check({ ...fine, name: "apart" });
    const told = await results();
    expect(shortly(told).map(([, ...rest]) => rest)).toEqual([
      ["failed", "controlPlane.auth.type is apiKey, but no API key is given"],
      ["skipped", "settings/root failed"],
      ["skipped", "settings/root failed"],
      ["passed", "fine"],
    ]);
    expect(told.flatMap(({ finding: found }) => found?.code ?? [])).toEqual(["api-key-missing"]);
  });

  it("warns where a check is of no more weight, or its finding is", async () => {
    const { suite, results } = open();
    const soon = () => {
      throw problem("tls-expires-soon", { endpoint: "https://a", days: 3 });
    };
    suite.check({ ...fine, name: "light", severity: "warning", run: soon });
    suite.check({
      ...{ ...fine, name: "heavy" },
      run: () => {
        const warning = finding("warning", "insecure-without-token", {});
        throw new RegistrarError(warning, catalogue[warning.code]);
      },
    });
    const told = await results();
    expect(told.map(({ status, finding: found }) => [status, found?.code, found?.severity])).toEqual([
      ["warning", "tls-expires-soon", "warning"],
      ["warning", "insecure-without-token", "warning"],
    ]);
  });

  it("runs what is chosen and what that needs, and tells of the latter only what is wrong", async () => {
    const { suite, results } = open();
    const ran: string[] = [];
    const run = (name: string) => () => {
      ran.push(name);
      return { value: undefined, detail: "" };
    };
    const base = suite.check({ ...fine, name: "base", run: run("base") });
    const broken = suite.check({
      ...{ ...fine, name: "broken", needs: [base] },
      run: (): { value: undefined; detail: string } => {
        throw problem("api-key-missing", {});
      },
    });
    suite.check({ ...fine, name: "apart", run: run("apart") });
    suite.check({ ...fine, category: "buildkit", name: "chosen", needs: [base], run: run("chosen") });
    suite.check({ ...fine, category: "buildkit", name: "stopped", needs: [broken], run: run("stopped") });
    const told = await results(["buildkit"]);
    expect(told.map(({ name, status }) => [name, status])).toEqual([
      ["broken", "failed"],
      ["chosen", "passed"],
      ["stopped", "skipped"],
    ]);
    expect(ran).toEqual(["base", "chosen"]);
  });

  it("stops at what could not be found out, and at what needs no finding out", async () => {
    const { suite, results } = open();
    const unknown = suite.check({
      ...{ ...fine, name: "unknown" },
      run: () => ({ unknown: finding("warning", "cluster-unreadable", { subject: "it" }) }),
    });
    suite.check({ ...fine, name: "behind", needs: [unknown] });
    const needless = suite.check({ ...fine, name: "needless", run: () => ({ notNeeded: "no cluster" }) });
    suite.check({ ...fine, name: "last", needs: [needless] });
    expect(shortly(await results()).map(([name, status, detail]) => `${name} ${status}: ${detail}`)).toEqual([
      "unknown warning: it cannot be read, so what builds find in the data plane is not known",
      "behind skipped: settings/unknown could not tell",
      "needless skipped: no cluster",
      "last skipped: no cluster",
    ]);
  });

  it("ends a check at its deadline with check-timeout, even one that is deaf to it", async () => {
    const { suite, results } = open();
    suite.check({ ...fine, name: "deaf", deadline: 10, run: () => new Promise<never>(() => {}) });
    const [result] = await results();
    expect(result?.finding).toMatchObject({ code: "check-timeout", what: expect.stringContaining("settings/deaf") });
  });

  it("calls it check-timeout, too, where what a check waits for throws the end of its time", async () => {
    const { suite, results } = open();
    suite.check({
      ...{ ...fine, name: "program", deadline: 10 },
      run: (_found, signal) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const [result] = await results();
    expect(result?.finding).toMatchObject({ code: "check-timeout", what: expect.stringContaining("settings/program") });
  });

  it("lets a check say itself that its deadline has come", async () => {
    const { suite, results } = open();
    suite.check({
      ...{ ...fine, name: "polite", deadline: 10 },
      run: async (_found, signal) => {
        await after(5_000, undefined, { signal }).catch(() => {
          throw problem("control-plane-timeout", { endpoint: "https://a" });
        });
        return { value: undefined, detail: "" };
      },
    });
    expect((await results())[0]?.finding?.code).toBe("control-plane-timeout");
  });

  it("ends every check when its own signal does", async () => {
    const controller = new AbortController();
    const { suite, results } = open(controller.signal);
    suite.check({ ...fine, name: "deaf", run: () => new Promise<never>(() => {}) });
    controller.abort(new DOMException("over", "TimeoutError"));
    expect((await results())[0]?.finding?.code).toBe("check-timeout");
  });

  it("calls an error that nobody foresaw an internal one, and keeps its words", async () => {
    const { suite, results } = open();
    suite.check({
      ...{ ...fine, name: "broken" },
      run: () => {
        throw new TypeError("x is not a function");
      },
    });
    expect((await results())[0]?.finding).toMatchObject({ code: "internal-error", why: "x is not a function" });
  });
});
