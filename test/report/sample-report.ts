import { finding } from "../../src/findings/registrar-error.ts";
import type { Report } from "../../src/report/report.ts";

/** A report of a registration that failed, with each part filled in. */
export function sampleReport(overrides: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    program: { name: "image-builder-registrar", version: "1.2.3" },
    command: "register",
    state: "failed",
    summary: "register failed (control-plane-refused)",
    subject: {
      controlPlane: "https://union.example.com",
      org: "acme",
      project: "system",
      domain: "production",
      task: "build-image",
      appVersion: "2026.3.4",
      trigger: "upgrade",
      release: "prod-us/union/dataplane",
    },
    steps: [{ name: "look up", status: "failed", detail: "", milliseconds: 12_345 }],
    findings: [
      finding("warning", "insecure-without-token", {}),
      finding("error", "control-plane-refused", { endpoint: "https://union.example.com" }, "ECONNREFUSED\nsecond line"),
    ],
    exitCode: 3,
    milliseconds: 12_400,
    ...overrides,
  };
}
