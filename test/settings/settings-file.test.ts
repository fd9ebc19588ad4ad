import { describe, expect, it } from "vitest";
import { describeCause } from "../../src/findings/describe-cause.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { overlay } from "../../src/settings/sources.ts";
import { described } from "../../testing/findings/described.ts";
import { load, refused } from "./loading.ts";

describe("a settings file", () => {
  it.each(["", "\n", "# nothing but this\n", "---\n", "{}"])("may be empty: %j", (file) => {
    const nothing = { ...load({}), placeOf: expect.any(Function) };
    expect(load({ file })).toEqual({ ...nothing, file: { path: "registrar.yaml", text: file } });
  });

  it("may use anchors and be JSON", () => {
    const file = "task: {podTemplate: {labels: &l {a: b}, annotations: *l}}";
    expect(load({ file }).settings.task.podTemplate).toMatchObject({ labels: { a: "b" }, annotations: { a: "b" } });
    expect(load({ file: '{"task": {"logLevel": 2}}' }).settings.task.logLevel).toBe(2);
  });

  it.each([
    ["- a", "the file is not a mapping of settings"],
    ["some words", "the file is not a mapping of settings"],
    ["a: [b", "Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6"],
    ["a: 1\na: 2", "Map keys must be unique at line 2, column 1"],
    ["a: b\n\tc: d", "Tabs are not allowed as indentation at line 2, column 1"],
    ["a: !secret b", "Unresolved tag at line 1, column 4"],
    ["task: !!omap [project: a]", "Unresolved tag at line 1, column 7"],
    ["task: !!set {project}", "Unresolved tag at line 1, column 7"],
    ["task: {project: !!binary AAAA}", "Unresolved tag at line 1, column 17"],
    ["task: {project: !!timestamp 2026-03-04}", "Unresolved tag at line 1, column 17"],
    ["a: *b", "Unresolved alias (the anchor must be set before the alias)"],
    ["task: {podTemplate: {resources: &a {b: *a}}}", "an alias is inside of its own anchor"],
  ])("that cannot be used says why and where: %j", (file, why) => {
    const error = refused({ file });
    expect([error.code, error.finding.why]).toEqual(["settings-file-unreadable", why]);
    expect(described(error).next).toBe("ls -l registrar.yaml");
  });

  it("may name the tags of what it has anyway", () => {
    const file =
      "task: !!map {project: !!str 5, logLevel: !!int 2, podTemplate: {env: !!seq [{name: A, value: !!str true}]}}";
    expect(load({ file }).settings.task).toMatchObject({
      project: "5",
      logLevel: 2,
      podTemplate: { env: [{ name: "A", value: "true" }] },
    });
  });

  it("of aliases that grow without end is refused", () => {
    const rows = Array.from({ length: 12 }, (_, row) => `a${row + 1}: &a${row + 1} [*a${row}, *a${row}, *a${row}]`);
    expect(refused({ file: ["a0: &a0 [x]", ...rows].join("\n") }).code).toBe("settings-file-unreadable");
  });

  it.each([
    "proxy: http://user:CANARY@proxy: 3128",
    "password: CANARY\npassword: other",
    "password: *CANARY",
    "password: |CANARY",
    "password: 'CANARY",
    "password: [CANARY",
    'password: "CANARY\\q"',
    'password: "\\UCANARYXX"',
    "password: !CANARY x",
    "password: !CANARY! x",
    "password: !<!CANARY x",
    "password: @CANARY",
    "password: %CANARY",
    "password: {CANARY: 1, CANARY: 2}",
    "password: CANARY\n\tother: a",
    "%CANARY\n---\na",
    "%YAML CANARY\n---\na",
    "%TAG CANARY\n---\na",
    "? [CANARY]\n: a\n? [CANARY",
  ])("shows nothing of its text: %j", (file) => {
    const error = refused({ file });
    expect([error.finding.why, described(error).what, describeCause(error)].join()).not.toContain("CANARY");
  });

  it("that cannot be read says why", () => {
    const invocation = { configFile: "missing.yaml", flyteConfigFile: undefined, flags: [], environment: {} };
    const readFile = (path: string) => {
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    };
    expect(() => parseSettings(invocation, readFile)).toThrow(
      expect.objectContaining({
        exit: 2,
        finding: {
          code: "settings-file-unreadable",
          severity: "error",
          args: { file: "missing.yaml", flag: "--config" },
          why: "ENOENT: no such file or directory, open 'missing.yaml'",
        },
      }),
    );
  });
});

describe("overlay", () => {
  it("takes null for no mapping, on either side", () => {
    expect(overlay({ a: null, b: { c: 1 } }, { a: { c: 1 }, b: null })).toEqual({ a: { c: 1 }, b: null });
    const environment = { REGISTRAR_TASK_LOG_LEVEL: "2" };
    expect(load({ file: "task:", environment }).settings.task.logLevel).toBe(2);
  });

  it("keeps what is next to a type that is not one of a login", () => {
    const labels = (type: string, more = {}) => ({ labels: { type, ...more } });
    expect(overlay(labels("a", { team: "x" }), labels("b"))).toEqual(labels("b", { team: "x" }));
  });

  it("lays mappings over one another and replaces all else", () => {
    expect(overlay({ a: { b: 1, c: 2 }, d: [1, 2], e: "x" }, { a: { c: 3 }, d: [3], e: { f: 1 } })).toEqual({
      a: { b: 1, c: 3 },
      d: [3],
      e: { f: 1 },
    });
  });

  it("keeps a key that is a prototype's name a key, of either side", () => {
    const proto = (text: string): object => JSON.parse(text);
    const [lower, upper] = [proto('{"__proto__": {"a": 1}}'), proto('{"__proto__": {"b": 2}}')];
    expect(Object.entries(overlay({ ...lower }, {}))).toEqual([["__proto__", { a: 1 }]]);
    const merged = overlay({}, { ...upper });
    expect(Object.entries(merged)).toEqual([["__proto__", { b: 2 }]]);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });

  it("leaves what it is given as it was", () => {
    const [lower, upper] = [
      Object.freeze({ a: Object.freeze({ b: 1 }) }),
      Object.freeze({ a: Object.freeze({ c: 2 }) }),
    ];
    expect(overlay(lower, upper)).toEqual({ a: { b: 1, c: 2 } });
    expect([lower, upper]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });
});
