import { describe, expect, it } from "vitest";
import type { MirrorReport, ReportedImage } from "../../src/report/mirror-report.ts";
import { imageLine, mirrorClosing, progressLine } from "../../src/report/mirror-text.ts";
import { createObserver } from "../../src/report/observer.ts";
import { terminationMessage } from "../../src/report/termination-message.ts";
import { painter } from "../../src/report/text.ts";
import { sampleReport } from "./sample-report.ts";

const plain = painter(false);
const copied: ReportedImage = {
  source: "ghcr.io/a/b:1",
  target: "mirror.test/m/a/b:1",
  state: "copied",
  digest: `sha256:${"a".repeat(64)}`,
  milliseconds: 1_234,
};
const [finding] = sampleReport().findings;
const failed: ReportedImage = {
  source: "ghcr.io/c:1",
  target: "mirror.test/m/c:1",
  state: "failed",
  ...(finding && { finding }),
  milliseconds: 10,
};
const report: MirrorReport = {
  schemaVersion: 1,
  program: { name: "image-builder-registrar", version: "1.2.3" },
  command: "images mirror",
  images: [copied, failed],
  leftOut: [{ what: "the tag of uv", fix: "Give it." }],
  warnings: [],
  summary: "1 of 2 images are in mirror.test/m",
  exitCode: 1,
  milliseconds: 20,
};

describe("the line of an image", () => {
  it("has where it is, the start of its digest and how long it took", () => {
    expect(imageLine(copied, plain)).toBe("✔ copied   ghcr.io/a/b:1 → mirror.test/m/a/b:1 sha256:aaaaaaaaaaaa (1.2 s)");
  });

  it("of one that failed is followed by the finding in full", () => {
    const [line, ...others] = imageLine(failed, plain).split("\n");
    expect(line).toBe("✖ failed   ghcr.io/c:1 → mirror.test/m/c:1 (0.0 s)");
    expect(others[0]).toMatch(/^(ERROR|WARNING) /);
    expect(others.join()).toContain("  fix   ");
  });
});

describe("the bar", () => {
  it.each([
    [0, 6, "░░░░░░░░░░░░░░░░░░░░ 0/6"],
    [3, 6, "██████████░░░░░░░░░░ 3/6"],
    [6, 6, "████████████████████ 6/6"],
    [0, 0, "████████████████████ 0/0"],
  ])("of %d in %d is %s", (done, total, bar) => {
    expect(progressLine({ done, total, running: [] }).trim()).toBe(bar);
  });

  it("is never longer than a narrow terminal", () => {
    const running = ["a".repeat(60), "b".repeat(60)];
    expect(progressLine({ done: 1, total: 2, running })).toHaveLength(78);
  });
});

describe("an observer", () => {
  function observed(form: "text" | "json" | "short", isTerminal: boolean): string {
    let out = "";
    const print = (text: string) => {
      out += text;
    };
    const redact = <T>(value: T) => value;
    const observer = createObserver(form, false, (text) => print(`${text}\n`), redact, isTerminal ? print : undefined);
    observer.imageStarted(copied.source, { done: 0, total: 2, running: [copied.source] });
    observer.imageEnded(copied, { done: 1, total: 2, running: [] });
    observer.imageEnded(failed, { done: 2, total: 2, running: [] });
    observer.end(report);
    return out;
  }

  it("prints lines where no terminal is", () => {
    const out = observed("text", false);
    expect(out).toMatch(/^copying ghcr.io\/a\/b:1\n✔ copied /);
    expect(out).not.toContain("\x1b");
    expect(out).toMatch(/\nLeft out: the tag of uv. Give it.\n1 of 2 images are in mirror.test\/m\n$/);
  });

  it("draws a bar on a terminal, below the lines, and leaves none behind", () => {
    const shown = observed("text", true)
      .split("\n")
      .map((line) => line.slice(line.lastIndexOf("\x1b[2K") + 1).replace("[2K", ""));
    expect(shown[0]).toMatch(/^✔ copied /);
    expect(shown.join("\n")).not.toMatch(/[█░]/);
  });

  it.each([true, false])("prints nothing but JSON where that is asked for (terminal: %s)", (isTerminal) => {
    expect(JSON.parse(observed("json", isTerminal))).toEqual(report);
  });

  it("is short with one line for each finding", () => {
    expect(observed("short", true).split("\n")).toEqual([
      expect.stringContaining(finding?.code ?? ""),
      report.summary,
      "",
    ]);
  });
});

it("leaves a termination message with the findings", () => {
  const message = terminationMessage(report, (text) => text);
  expect(message).toMatch(/^1 of 2 images are in mirror.test\/m\n/);
  expect(message).toContain(finding?.code);
});

it("ends with what was left out and with warnings", () => {
  const closing = mirrorClosing({ ...report, ...(finding && { warnings: [finding] }) }, plain);
  expect(closing.split("\n")[1]).toBe("Left out: the tag of uv. Give it.");
  expect(closing).toContain(finding?.code);
});
