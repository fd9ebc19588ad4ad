import { finding } from "../../src/findings/finding.ts";
import type { ReportedCheck } from "../../src/report/check-report.ts";
import type { RunReport } from "../../src/report/run-report.ts";
import { described } from "../../testing/findings/described.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";

/** A report of a registration that failed, with each part filled in. */
export function sampleReport(overrides: Partial<RunReport> = {}): RunReport {
  return reportWith({
    program: { name: "image-builder-registrar", version: "1.2.3" },
    state: "failed",
    summary: "register failed (control-plane-refused)",
    steps: [{ name: "look up", status: "failed", detail: "", milliseconds: 12_345 }],
    findings: [
      described(finding("warning", "insecure-without-token", {})),
      described(
        finding(
          "error",
          "control-plane-refused",
          { endpoint: "https://union.example.com" },
          "ECONNREFUSED\nsecond line",
        ),
      ),
    ],
    exitCode: 3,
    milliseconds: 12_400,
    ...overrides,
  });
}

const about = { milliseconds: 3, title: "the name resolves" } as const;
const refused = described(
  finding("error", "control-plane-refused", { endpoint: "https://union.example.com" }, "connect ECONNREFUSED"),
);
const unreachable = described(finding("warning", "cluster-unreachable", {}));

/** Checks that ended in each way. */
export const sampleChecks: readonly ReportedCheck[] = [
  {
    ...about,
    category: "settings",
    name: "parse",
    title: "the settings can be used",
    status: "passed",
    detail: "a file",
  },
  { ...about, category: "control-plane", name: "name", status: "passed", detail: "union.example.com is 10.0.0.1" },
  {
    ...about,
    category: "control-plane",
    name: "connection",
    status: "failed",
    detail: refused.what,
    finding: refused,
  },
  { ...about, category: "control-plane", name: "tls", status: "skipped", detail: "control-plane/connection failed" },
  {
    ...about,
    category: "data-plane",
    name: "cluster",
    status: "warning",
    detail: unreachable.what,
    finding: unreachable,
  },
];
