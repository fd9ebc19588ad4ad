import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/findings/catalog/code-entry.ts";
import { asRegistrarError, catalogue, finding, problem } from "../../src/findings/registrar-error.ts";

// Read by a person: a first word that is not here may be no imperative.
const verbs = [
  ...[
    "Allow",
    "Copy",
    "Correct",
    "Create",
    "Find",
    "Give",
    "Grant",
    "Have",
    "Install",
    "Look",
    "Make",
    "Name",
    "Point",
    "Put",
  ],
  ...["Raise", "Read", "Register", "Renew", "Report", "Run", "Scale", "Set", "Start", "Upgrade", "Use", "Wait"],
];
const anything = new Proxy(
  { problems: ["a"] },
  { get: (known, name) => Reflect.get(known, name) ?? `<${String(name)}>` },
);

/** A setting or chart value, a flag, a variable, a command, or something that the run has met. */
const actionable =
  /\b[a-z][A-Za-z]+\.[a-zA-Z.]+|\b(appVersion|flyteCommand)\b|--[a-z]|\b[A-Z]{2,}_[A-Z_]+\b|\b(registrar|kubectl|flyte|helm|date) |<\w+>/;

describe("a fix", () => {
  it.each(Object.entries(catalogue))("of %s tells what to do, to what", (_code, entry) => {
    const fix = (entry.fix as (args: object) => string)(anything);
    expect(verbs).toContain(fix.split(" ")[0]);
    expect(fix).toMatch(actionable);
    expect(fix).not.toMatch(/\b(check|verify|review) (your|that|the)\b/i);
  });
});

describe("the way in which an error ends a run", () => {
  it.each([
    ["settings-wrong", exitCodes.usage],
    ["file-unreadable", exitCodes.failed],
    ["template-unusable", exitCodes.usage],
    ["usage-wrong", exitCodes.usage],
    ["control-plane-refused", exitCodes.controlPlane],
    ["credentials-refused", exitCodes.controlPlane],
    ["permission-denied", exitCodes.controlPlane],
    ["flyte-failed", exitCodes.failed],
    ["registration-newer", exitCodes.failed],
    ["internal-error", exitCodes.failed],
    ["deadline-exceeded", exitCodes.deadline],
  ] as const)("%s: exit code %d", (code, exit) => {
    expect(catalogue[code].exit).toBe(exit);
  });

  it("retries nothing that is a matter of settings or of what is registered", () => {
    const transient = Object.entries(catalogue).filter(([, entry]) => "transient" in entry && entry.transient);
    expect(transient.map(([code]) => code).sort()).toEqual([
      "control-plane-failed",
      "control-plane-name-unknown",
      "control-plane-refused",
      "control-plane-reset",
      "control-plane-timeout",
      "control-plane-unavailable",
      "flyte-timeout",
      "lookup-contradicts",
      "proxy-failed",
      "token-endpoint-failed",
      "token-endpoint-unreachable",
    ]);
  });
});

describe("whatever is thrown", () => {
  it("stays what it is where it has a code", () => {
    const error = problem("flyte-unsuitable", {});
    expect(asRegistrarError(error)).toBe(error);
  });

  it.each([
    [new TypeError("x is undefined", { cause: new Error("inner") }), "x is undefined: inner"],
    ["a string", "a string"],
    [undefined, ""],
    [null, ""],
    [["a", "list"], "a,list"],
  ])("is a fault of the program where it has none: %s", (thrown, why) => {
    const error = asRegistrarError(thrown);
    expect(error).toMatchObject({ code: "internal-error", exit: 1, transient: false, retryAfter: 0, cause: thrown });
    expect(error.finding.why).toBe(why);
  });
});

describe("a problem's reason", () => {
  it("is a text as given, and empty where what says all", () => {
    expect(problem("flyte-failed", { exitCode: "exit code 1" }, "two\n  lines").finding.why).toBe("two\n  lines");
    expect(problem("flyte-unsuitable", {}).finding.why).toBe("");
  });

  it("is not in the error's message, which has the code and what is wrong", () => {
    const { message, finding: found } = problem("control-plane-refused", { endpoint: "http://localhost:1" }, "reason");
    expect(message).toBe("control-plane-refused: http://localhost:1 refuses connections: nothing listens there");
    expect(found).toEqual(finding("error", "control-plane-refused", { endpoint: "http://localhost:1" }, "reason"));
  });
});

describe("commands to run next", () => {
  it.each([
    ["control-plane-name-unknown", "https://union.example.com:8443", "getent hosts union.example.com"],
    [
      "tls-untrusted",
      "https://union.example.com",
      "openssl s_client -connect union.example.com:443 -servername union.example.com -showcerts </dev/null",
    ],
    [
      "tls-wrong-host",
      "https://union.example.com:8443",
      "openssl s_client -connect union.example.com:8443 -servername union.example.com -showcerts </dev/null",
    ],
    ["tls-untrusted", "https://[::1]:8443", "openssl s_client -connect [::1]:8443 -showcerts </dev/null"],
    ["tls-untrusted", "https://10.0.0.1", "openssl s_client -connect 10.0.0.1:443 -showcerts </dev/null"],
    ["tls-expected", "http://union.example.com", "curl -sv --max-time 10 https://union.example.com/"],
    ["control-plane-timeout", "http://localhost:8090", "curl -sv --max-time 10 http://localhost:8090/"],
  ] as const)("of %s at %s", (code, endpoint, next) => {
    expect(finding("error", code, { endpoint }).next).toBe(next);
  });
});
