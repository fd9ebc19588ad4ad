import { describe, expect, it } from "vitest";
import { clusterErrors } from "../../src/findings/catalog/cluster-codes.ts";
import { controlPlaneErrors } from "../../src/findings/catalog/control-plane-codes.ts";
import { dataPlaneErrors } from "../../src/findings/catalog/data-plane-codes.ts";
import { flyteErrors } from "../../src/findings/catalog/flyte-codes.ts";
import { identityErrors } from "../../src/findings/catalog/identity-codes.ts";
import { registrationErrors } from "../../src/findings/catalog/registration-codes.ts";
import { runErrors } from "../../src/findings/catalog/run-codes.ts";
import { settingsErrors } from "../../src/findings/catalog/settings-codes.ts";
import { catalogue, describeCause, finding, problem, RegistrarError } from "../../src/findings/registrar-error.ts";

const concerns = [
  settingsErrors,
  controlPlaneErrors,
  identityErrors,
  flyteErrors,
  registrationErrors,
  clusterErrors,
  dataPlaneErrors,
  runErrors,
];

/** Arguments that do for any entry: each of its own is asked for by name. */
const anyArguments = new Proxy(
  { problems: ["a", "b"], seconds: 1 },
  { get: (known, name) => Reflect.get(known, name) ?? `<${String(name)}>` },
);

describe("the catalogue of errors", () => {
  it("uses no code twice", () => {
    const codes = concerns.flatMap((concern) => Object.keys(concern));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(Object.keys(catalogue).sort()).toEqual([...codes].sort());
  });

  const entries = Object.entries(catalogue).map(([code, entry]) => {
    const texts = entry as unknown as Record<"what" | "fix" | "next", (args: object) => string>;
    const said = { what: texts.what(anyArguments), fix: texts.fix(anyArguments), next: texts.next(anyArguments) };
    return { code, ...said };
  });

  it.each(entries)("$code can be acted on", ({ code, what, fix, next }) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(what).toMatch(/[^.\s]$/);
    // A verb first, then something to act on: "Set …", "Allow …".
    expect(fix).toMatch(/^[A-Z][a-z]+ .*\.$/);
    expect(fix).not.toMatch(/check your/i);
    expect(next).toMatch(/^(registrar|curl|kubectl|flyte|openssl|getent|ls|helm|command|python3|<)/);
    expect(`${what}${fix}${next}`).not.toContain("undefined");
  });
});

describe("a problem", () => {
  it("keeps the raw cause, shows it as the reason and knows how it ends a run", () => {
    const cause = new Error("connect ECONNREFUSED 127.0.0.1:1");
    const error = problem("control-plane-refused", { endpoint: "http://localhost:1" }, cause, 5);
    expect(error).toBeInstanceOf(RegistrarError);
    expect(error).toMatchObject({ code: "control-plane-refused", exit: 3, transient: true, retryAfter: 5, cause });
    expect(error.finding.why).toBe("connect ECONNREFUSED 127.0.0.1:1");
  });

  it("keeps all of that when more is known of its cause", () => {
    const error = problem("control-plane-refused", { endpoint: "http://localhost:1" }, "refused", 5);
    const more = error.because("refused (2 attempts)");
    expect(more).toMatchObject({ code: error.code, exit: error.exit, transient: true, retryAfter: 5, cause: error });
    expect(more.finding).toEqual({ ...error.finding, why: "refused (2 attempts)" });
  });

  it("is a warning where it is only to be told", () => {
    expect(finding("warning", "insecure-without-token", {})).toMatchObject({ severity: "warning", why: "" });
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
});
