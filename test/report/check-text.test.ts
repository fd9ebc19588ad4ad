import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { ReportedCheck } from "../../src/report/check-report.ts";
import { checkPrinter } from "../../src/report/check-text.ts";
import { sampleChecks } from "./sample-report.ts";

const printed = (colour: boolean, checks: readonly ReportedCheck[] = sampleChecks) => {
  const print = checkPrinter(colour);
  return checks.map((check) => print(check)).join("\n");
};

describe("checks as text", () => {
  it("stand under their category, a finding in full, in plain words where there is no colour", () => {
    expect(printed(false)).toBe(`settings
ok      parse        the settings can be used: a file

control-plane
ok      name         the name resolves: union.example.com is 10.0.0.1
failed  connection   ERROR control-plane-refused
  what  https://union.example.com refuses connections: nothing listens on that port
  why   connect ECONNREFUSED
  fix   Start the control plane, or correct host and port of controlPlane.endpoint.
  next  curl -sv --max-time 10 https://union.example.com/
  docs  docs/errors.md#control-plane-refused
skipped tls          control-plane/connection failed

data-plane
warning cluster      WARNING cluster-unreachable
  what  the Kubernetes API server is unreachable, so the data plane was not checked
  fix   Make kubectl work from here (KUBECONFIG, its context and credentials), or run registrar check in the data plane's cluster.
  next  kubectl version
  docs  docs/errors.md#cluster-unreachable`);
  });

  it("have marks on a terminal", () => {
    const lines = stripVTControlCharacters(printed(true)).split("\n");
    const marked = lines.filter((line) => /^[✔!✖↷] /.test(line)).map((line) => line.slice(0, 6));
    expect(marked).toEqual(["✔ pars", "✔ name", "✖ conn", "↷ tls ", "! clus"]);
    expect(printed(true)).toContain("\u001b[");
  });
});
