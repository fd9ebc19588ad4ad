import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { closing, headline, painter, stepLine } from "../../src/report/text.ts";
import { sampleReport } from "./sample-report.ts";

const plain = painter(false);

describe("a report as text", () => {
  it("begins with what the run is about", () => {
    expect(headline(sampleReport())).toBe(
      `image-builder-registrar 1.2.3: register 2026.3.4 in system/production on https://union.example.com (organisation acme)
Helm release prod-us/union/dataplane, trigger upgrade`,
    );
  });

  it("says the task where no appVersion is known, and no organisation where there is none", () => {
    const { subject, ...report } = sampleReport({ command: "status" });
    if (!subject) throw new Error("the sample has a subject");
    const { appVersion: _, ...unknown } = subject;
    expect(headline({ ...report, subject: { ...unknown, org: "" } })).toBe(
      `image-builder-registrar 1.2.3: status build-image in system/production on https://union.example.com
Helm release prod-us/union/dataplane, trigger upgrade`,
    );
  });

  it("says the command alone where the settings could not be read", () => {
    const { subject: _, ...report } = sampleReport();
    expect(headline(report)).toBe("image-builder-registrar 1.2.3: register");
  });

  it.each([
    {
      step: { name: "plan", status: "ok", detail: "write nothing", milliseconds: 0 },
      line: "✔ plan     write nothing (0 ms)",
    },
    {
      step: { name: "look up", status: "failed", detail: "", milliseconds: 12_345 },
      line: "✖ look up  failed (12.3 s)",
    },
    {
      step: { name: "project", status: "warning", detail: "odd", milliseconds: 9_999 },
      line: "! project  odd (9999 ms)",
    },
  ] as const)("has a line for a step: $line", ({ step, line }) => {
    expect(stepLine(step, plain)).toBe(line);
  });

  it("ends with every finding in full and the state last", () => {
    expect(closing(sampleReport(), plain)).toBe(`
WARNING insecure-without-token
  what  the connection is plain HTTP, so no token is sent
  fix   Set controlPlane.insecure to false if the control plane speaks TLS, else controlPlane.auth.type to none.
  next  registrar check
  docs  docs/errors.md#insecure-without-token

ERROR control-plane-refused
  what  https://union.example.com refuses connections: nothing listens on that port
  why   ECONNREFUSED
        second line
  fix   Start the control plane, or correct host and port of controlPlane.endpoint.
  next  curl -sv --max-time 10 https://union.example.com/
  docs  docs/errors.md#control-plane-refused

failed: register failed (control-plane-refused)`);
  });

  it.each([
    { state: "failed", findings: 2, colour: "\u001b[31mfailed:" },
    { state: "kept", findings: 2, colour: "\u001b[33mkept:" },
    { state: "registered", findings: 0, colour: "\u001b[32mregistered:" },
  ] as const)("is coloured by how it ended: $state", ({ state, findings, colour }) => {
    const report = sampleReport({ state });
    const text = closing({ ...report, findings: report.findings.slice(0, findings) }, painter(true));
    expect(text).toContain(colour);
    expect(stripVTControlCharacters(text)).toBe(
      closing({ ...report, findings: report.findings.slice(0, findings) }, plain),
    );
  });
});

describe("builds", () => {
  const planned = {
    project: "flytesnacks",
    domain: "development",
    state: "planned",
    baseImage: "python:3.12-slim",
    layers: ["an environment variable", "pip packages six"],
    target: "registrar-smoke:prod",
    timeoutSeconds: 600,
    phases: [],
    notes: [],
    milliseconds: 0,
  } as const;

  it("that are planned show what would be built, and until when", () => {
    const report = sampleReport({
      state: "planned",
      builds: [{ ...planned, layers: [...planned.layers], phases: [], notes: [] }],
      findings: [],
    });
    expect(closing(report, plain)).toBe(`
flytesnacks/development
  base    python:3.12-slim
  layers  an environment variable, then pip packages six
  target  registrar-smoke:prod
  limit   600 s

planned: register failed (control-plane-refused)`);
  });

  it("that were made show the image, the times, the run and what deletes the image", () => {
    const built = {
      ...planned,
      layers: [],
      state: "built" as const,
      image: "r.example.com/registrar-smoke:prod",
      digest: "sha256:abc",
      url: "https://union.example.com/v2/runs/smoke-1",
      deleteCommand: "regctl tag delete r.example.com/registrar-smoke:prod",
      phases: [
        { name: "queued", milliseconds: 300 },
        { name: "running", milliseconds: 12_000 },
      ],
      notes: ["nothing has seen the image"],
    };
    expect(closing(sampleReport({ state: "built", builds: [built], findings: [] }), plain)).toBe(`
flytesnacks/development
  image   r.example.com/registrar-smoke:prod
  digest  sha256:abc
  times   queued 300 ms, running 12.0 s
  run     https://union.example.com/v2/runs/smoke-1
  delete  regctl tag delete r.example.com/registrar-smoke:prod
  note    nothing has seen the image

built: register failed (control-plane-refused)`);
  });
});
