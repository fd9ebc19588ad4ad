import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { checkPrinter, checkSummary, shortLine } from "../../src/checks/check-text.ts";
import type { CheckResult } from "../../src/checks/engine/suite.ts";
import { finding } from "../../src/findings/registrar-error.ts";

const about = { milliseconds: 3, title: "the name resolves" } as const;
const endpoint = "https://union.example.com";
const results: CheckResult[] = [
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
    ...{ ...about, category: "control-plane", name: "connection", status: "failed", detail: "" },
    finding: finding("error", "control-plane-refused", { endpoint }, "connect ECONNREFUSED"),
  },
  { ...about, category: "control-plane", name: "tls", status: "skipped", detail: "control-plane/connection failed" },
  {
    ...{ ...about, category: "data-plane", name: "cluster", status: "warning", detail: "" },
    finding: finding("warning", "cluster-unreachable", {}),
  },
];
const printed = (colour: boolean) => {
  const print = checkPrinter(colour);
  return results.map((result) => print(result)).join("\n");
};

describe("checks as text", () => {
  it("stand under their category, a finding in full with its page, in plain words where there is no colour", () => {
    expect(printed(false)).toBe(`settings
ok      parse        the settings can be used: a file

control-plane
ok      name         the name resolves: union.example.com is 10.0.0.1
failed  connection   ERROR control-plane-refused
  what  https://union.example.com refuses connections: nothing listens there
  why   connect ECONNREFUSED
  fix   Start the control plane, or correct host and port of controlPlane.endpoint.
  next  curl -sv --max-time 10 https://union.example.com/
  docs  docs/errors.md#control-plane-refused
skipped tls          control-plane/connection failed

data-plane
warning cluster      WARNING cluster-unreachable
  what  the Kubernetes API server cannot be asked, so what builds find in the data plane is not known
  fix   Make kubectl work from here (KUBECONFIG, its context and credentials), or run the check in the data plane's cluster.
  next  kubectl version
  docs  docs/errors.md#cluster-unreachable`);
  });

  it("have marks on a terminal", () => {
    const lines = stripVTControlCharacters(printed(true)).split("\n");
    const marked = lines.filter((line) => /^[✔!✖↷] /.test(line)).map((line) => line.slice(0, 6));
    expect(marked).toEqual(["✔ pars", "✔ name", "✖ conn", "↷ tls ", "! clus"]);
    expect(printed(true)).toContain("\u001b[");
  });

  it("are a line a finding where they are to be short", () => {
    expect(results.flatMap(shortLine)).toEqual([
      "error control-plane-refused (control-plane/connection): https://union.example.com refuses connections: nothing listens there. Start the control plane, or correct host and port of controlPlane.endpoint.",
      expect.stringMatching(/^warning cluster-unreachable \(data-plane\/cluster\): /),
    ]);
    const problems = finding("error", "settings-wrong", { problems: ["a: is wrong", "b: is wrong"] });
    const [line] = shortLine({
      ...about,
      category: "settings",
      name: "parse",
      status: "failed",
      detail: "",
      finding: problems,
    });
    expect(line).toContain("2 settings cannot be used; a: is wrong; b: is wrong. Correct");
  });

  it("are counted in the end", () => {
    expect(checkSummary(results)).toBe("1 problem, 1 warning; 2 passed, 1 skipped");
    expect(checkSummary([])).toBe("0 problems, 0 warnings; 0 passed, 0 skipped");
  });
});
