import { describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/report/check-report.ts";
import { createObserver, type OutputForm } from "../../src/report/observer.ts";
import type { Report } from "../../src/report/report.ts";
import { sampleChecks, sampleReport } from "./sample-report.ts";

const checkReport: CheckReport = {
  schemaVersion: 1,
  program: { name: "image-builder-registrar", version: "1.2.3" },
  command: "check",
  checks: [...sampleChecks],
  summary: "1 problem, 1 warning; 2 passed, 1 skipped",
  exitCode: 3,
  milliseconds: 12,
};
const step = { name: "plan", status: "ok", detail: "register", milliseconds: 1 } as const;

/** What an observer of that form writes, text by text. */
function observed(form: OutputForm, report: Report): string[] {
  const written: string[] = [];
  const redactAll = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll("ECONNREFUSED", "[redacted]")) as T;
  const observer = createObserver(form, false, (text) => written.push(text), redactAll);
  observer.begin(sampleReport());
  observer.step(step);
  for (const check of sampleChecks) observer.check(check);
  observer.wait(["tls-untrusted", "buildkit-refused", "tls-untrusted"], 4_600);
  observer.end(report);
  return written;
}

describe("text", () => {
  it("has everything as it happens, and ends with the findings and the state of a run", () => {
    const written = observed("text", sampleReport());
    expect(written[0]).toMatch(/^image-builder-registrar 1.2.3: register .*\n.*\n$/s);
    expect(written[1]).toBe("✔ plan     register (1 ms)");
    expect(written[2]).toMatch(/^settings\nok {6}parse/);
    expect(written.at(-2)).toBe("waiting: tls-untrusted, buildkit-refused; again in 5 s");
    expect(written.at(-1)).toMatch(/^\nWARNING insecure-without-token\n.*\nfailed: register failed/s);
    expect(written).toHaveLength(9);
  });

  it("ends with the summary of checks", () => {
    expect(observed("text", checkReport).at(-1)).toBe("\n1 problem, 1 warning; 2 passed, 1 skipped");
  });
});

describe("the short form", () => {
  it("is a line for each finding of a run, and its state", () => {
    expect(observed("short", sampleReport())).toEqual([
      expect.stringMatching(/^warning insecure-without-token: .*\. Set controlPlane.insecure /),
      "error control-plane-refused: https://union.example.com refuses connections: nothing listens on that port. Start the control plane, or correct host and port of controlPlane.endpoint. docs/errors.md#control-plane-refused",
      "failed: register failed (control-plane-refused)",
    ]);
  });

  it("names the check of each finding", () => {
    expect(observed("short", checkReport)).toEqual([
      expect.stringMatching(/^error control-plane-refused \(control-plane\/connection\): https/),
      expect.stringMatching(/^warning cluster-unreachable \(data-plane\/cluster\): the Kubernetes/),
      checkReport.summary,
    ]);
  });

  it("puts a text of several lines into one", () => {
    const [finding] = sampleReport().findings;
    if (!finding) throw new Error("the sample has findings");
    const what = "2 settings are wrong\n  a: is wrong\n  b: is wrong";
    const [line] = observed("short", sampleReport({ findings: [{ ...finding, what }] }));
    expect(line).toContain("2 settings are wrong; a: is wrong; b: is wrong. Set");
  });
});

describe("JSON", () => {
  it.each([sampleReport(), checkReport])("is the report and nothing else, without secrets", (report) => {
    const written = observed("json", report);
    expect(written).toHaveLength(1);
    expect(written[0]).not.toContain("ECONNREFUSED");
    const expected = JSON.parse(JSON.stringify(report).replaceAll("ECONNREFUSED", "[redacted]"));
    expect(JSON.parse(written[0] ?? "")).toEqual(expected);
  });
});

describe("progress", () => {
  const observe = (draw?: (text: string) => void) => {
    const written: string[] = [];
    const observer = createObserver(
      "text",
      false,
      (text) => written.push(`${text}\n`),
      (value) => value,
      draw &&
        ((text) => {
          written.push(text);
          draw(text);
        }),
    );
    observer.progress("running 3 s  #5 pushing layers");
    observer.progress(`running 6 s  ${"x".repeat(200)}`);
    observer.step(step);
    observer.step(step);
    return written;
  };

  it("is one line of a terminal, which the next step replaces", () => {
    const written = observe(() => {});
    expect(written[0]).toBe("\r\u001b[2K… running 3 s  #5 pushing layers");
    expect(written[1]?.replace("\r\u001b[2K", "")).toHaveLength(78);
    expect(written.slice(2)).toEqual(["\r\u001b[2K", "✔ plan     register (1 ms)\n", "✔ plan     register (1 ms)\n"]);
  });

  it("is not shown elsewhere", () => {
    expect(observe()).toEqual(["✔ plan     register (1 ms)\n", "✔ plan     register (1 ms)\n"]);
  });
});
