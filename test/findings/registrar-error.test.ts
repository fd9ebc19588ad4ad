import { describe, expect, it } from "vitest";
import { describeCause } from "../../src/findings/describe-cause.ts";
import { finding } from "../../src/findings/finding.ts";
import { asRegistrarError, problem, RegistrarError } from "../../src/findings/registrar-error.ts";

const at = { endpoint: "http://localhost:1" };

describe("an error with a code", () => {
  it("keeps the raw cause, shows it as the reason, and knows how it ends a run", () => {
    const cause = new Error("connect ECONNREFUSED 127.0.0.1:1");
    const error = problem("control-plane-refused", at, cause, 5);
    expect(error).toBeInstanceOf(RegistrarError);
    expect(error).toMatchObject({ code: "control-plane-refused", exit: 3, transient: true, retryAfter: 5, cause });
    expect(error.finding).toEqual(finding("error", "control-plane-refused", at, "connect ECONNREFUSED 127.0.0.1:1"));
    expect(problem("settings-file-unreadable", { file: "a", flag: "--config" })).toMatchObject({
      transient: false,
      retryAfter: 0,
    });
  });

  it("keeps all of that with another reason", () => {
    const error = problem("control-plane-refused", at, "refused", 5);
    const more = error.withReason("refused (2 attempts)");
    expect(more).toMatchObject({ code: error.code, exit: error.exit, transient: true, retryAfter: 5, cause: error });
    expect(more.finding).toEqual({ ...error.finding, why: "refused (2 attempts)" });
  });

  it("takes its reason as given, or has none", () => {
    expect(problem("flyte-failed", { exitCode: "exit code 1" }, "two\n  lines").finding.why).toBe("two\n  lines");
    expect(problem("flyte-unsuitable", {}).finding.why).toBe("");
  });

  it("has the code and what is wrong in its message, not the reason", () => {
    const { message } = problem("control-plane-refused", at, "reason");
    expect(message).toBe("control-plane-refused: http://localhost:1 refuses connections: nothing listens on that port");
  });
});

describe("a thrown thing", () => {
  it("stays what it is if it has a code", () => {
    const error = problem("flyte-unsuitable", {});
    expect(asRegistrarError(error)).toBe(error);
  });

  it.each([
    [new TypeError("x is undefined", { cause: new Error("inner") }), "x is undefined: inner"],
    ["a string", "a string"],
    [undefined, ""],
    [null, ""],
    [["a", "list"], "a,list"],
    [{ error: { code: 5 } }, '{"error":{"code":5}}'],
    [Object.assign(Object.create(null), { a: 1n }), "an object without a text"],
  ])("is an internal error if it has none: %s", (thrown, why) => {
    const error = asRegistrarError(thrown);
    expect(error).toMatchObject({ code: "internal-error", exit: 1, transient: false, retryAfter: 0, cause: thrown });
    expect(error.finding.why).toBe(why);
  });
});

describe("describeCause", () => {
  const chain = new Error("outer", { cause: new Error("inner", { cause: "a string" }) });
  it.each([
    { cause: undefined, words: "" },
    { cause: "text", words: "text" },
    { cause: chain, words: "outer: inner: a string" },
    { cause: new Error("outer says inner", { cause: new Error("inner") }), words: "outer says inner" },
    { cause: new AggregateError([new Error("first"), new Error("second")], "all failed"), words: "all failed: first" },
    { cause: new Error("two\n   lines"), words: "two lines" },
  ])("says $words", ({ cause, words }) => {
    expect(describeCause(cause)).toBe(words);
  });

  it("ends where an error is its own cause", () => {
    const error = new Error("again");
    error.cause = error;
    expect(describeCause(error)).toBe("again");
  });

  it("names five causes at most", () => {
    const nested = [1, 2, 3, 4, 5, 6, 7].reduceRight<Error | undefined>(
      (cause, depth) => new Error(`${depth}`, { cause }),
      undefined,
    );
    expect(describeCause(nested)).toBe("1: 2: 3: 4: 5");
  });
});
