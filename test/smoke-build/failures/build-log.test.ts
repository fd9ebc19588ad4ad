import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeLog, readBuildLog, readContainerEnd } from "../../../src/smoke-build/failures/build-log.ts";
import { plainText, shownWords } from "../../../src/smoke-build/failures/build-words.ts";

const main = "\r\n[main] terminated with exit code (1). Reason [Error]. Message: \nerror: failed to solve: a.";

describe("the words about a container that has ended", () => {
  test.each([
    ["alone", main],
    ["behind a number of tries", `[1/1] currentAttempt done. Last Error: USER::${main}`],
    [
      "in front of a sidecar that has failed too",
      `${main}\r\n[istio-proxy] terminated with exit code (255). Reason [Error]. Message: \nother.`,
    ],
    [
      "behind a sidecar that has failed too",
      `\r\n[istio-proxy] terminated with exit code (255). Reason [Error]. Message: \nother.${main}`,
    ],
    ["in front of a sidecar that has ended well", `${main}\r\n[istio-proxy] terminated with ExitCode 0.`],
  ])("%s", (_name, error) => {
    const { exitCode, reason, tail } = readContainerEnd(error) ?? {};
    expect([exitCode, reason, tail]).toEqual([1, "Error", "error: failed to solve: a"]);
  });

  test("are not found in other errors", () => {
    expect(readContainerEnd('pods "a" is forbidden: exceeded quota: b')).toBeUndefined();
  });
});

const block = [
  "#5 ERROR: failed to push h/a: denied",
  "------",
  " > exporting to image:",
  "0.1 printed",
  "------",
  "Dockerfile:2",
  "--------------------",
  "   2 | >>> RUN echo error: not this one",
  "--------------------",
];

describe("a log", () => {
  test("has its step, what it printed, and the last error with the lines that follow", () => {
    const log = [...block, "error: failed to solve: b: 403 Forbidden", "denied: User: x", "#6 DONE 0.1s"].join("\n");
    expect(readBuildLog(log)).toEqual({
      error: "error: failed to solve: b: 403 Forbidden\ndenied: User: x",
      step: "exporting to image",
      stepError: "failed to push h/a: denied",
      output: "printed",
    });
  });

  test("that is cut in its last error has what is left of it", () => {
    expect(readBuildLog("lve: b: 403 Forbidden\ndenied: User: x")).toMatchObject({
      error: "lve: b: 403 Forbidden\ndenied: User: x",
      step: "",
    });
    expect(readBuildLog(["ng to image:", "------", "error: failed to solve: b"].join("\n"))).toMatchObject({
      error: "error: failed to solve: b",
      step: "",
    });
  });

  test("that is cut is completed by the whole one, and another one keeps its error", () => {
    const whole = readBuildLog([...block, "error: failed to solve: b: denied"].join("\n"));
    expect(completeLog(readBuildLog("solve: b: denied"), whole)).toEqual(whole);
    expect(completeLog(readBuildLog(""), whole)).toEqual(whole);
    expect(completeLog(whole, readBuildLog(""))).toEqual(whole);
    const other = completeLog(readBuildLog("error: failed to solve: c"), whole);
    expect([other.error, other.step]).toEqual(["error: failed to solve: c", "exporting to image"]);
  });
});

describe("plain text", () => {
  test.each([
    ['time="x" level=fatal msg="failed to solve: \\"a\\"\\nb"', 'error: failed to solve: "a"\nb'],
    ['time="x" level=error msg="build failed" error="failed to solve: a"', "error: build failed: failed to solve: a"],
    ['time="x" level=fatal msg="error: a"', "error: a"],
    ['time="x" level=info msg=done', "done"],
    ["time=x", "time=x"],
    ["\u001b[31mred\u001b[0m\r\nbell\u0007 \nend", "red\nbell\nend"],
  ])("of %j", (line, text) => {
    expect(plainText(line)).toBe(text);
  });
});

describe("shown words", () => {
  test("have no user part and no query of a URL", () => {
    const url = "https://user:canary@h.example.com/v2/a?sig=canary";
    expect(shownWords(`GET "${url}": 403; GET ${url}: 403`)).toBe(
      'GET "https://h.example.com/v2/a": 403; GET https://h.example.com/v2/a: 403',
    );
  });

  test("keep the beginning and the end of what is too long", () => {
    const words = shownWords(`first ${"x".repeat(5000)} last`);
    expect(words).toMatch(/^first x+ … x+ last$/);
    expect(words.length).toBeLessThanOrEqual(1000);
  });

  test("are clean lines of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => {
        const words = shownWords(text);
        expect(words.length).toBeLessThanOrEqual(1000);
        expect(words.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
