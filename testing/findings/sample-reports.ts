import type { RunReport } from "../../src/report/run-report.ts";

/** A report of `register`, in parts as given. */
export function reportWith(parts: Partial<RunReport>, trigger = "upgrade"): RunReport {
  return {
    schemaVersion: 1,
    program: { name: "image-builder-registrar", version: "0.0.0" },
    command: "register",
    state: "registered",
    summary: "2026.3.4 is current",
    steps: [],
    findings: [],
    exitCode: 0,
    milliseconds: 1,
    subject: {
      controlPlane: "https://union.example.com",
      org: "acme",
      project: "system",
      domain: "production",
      task: "build-image",
      appVersion: "2026.3.4",
      trigger,
      release: "prod-us/union/dataplane",
    },
    ...parts,
  };
}
