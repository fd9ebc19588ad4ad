import { expect, it } from "vitest";
import { answerFinding } from "../../../src/checks/index/index-failures.ts";
import type { NetworkFault } from "../../../src/network/faults.ts";
import type { IndexAnswer } from "../../../src/package-index/ask-index.ts";

const asked = {
  index: "https://a.example.com/simple",
  source: "UV_INDEX_URL of base:1",
  seenBy: "this pod",
  isThroughProxy: false,
} as const;
const network = (fault: NetworkFault): IndexAnswer => ({ kind: "network", fault });

it.each<[answer: IndexAnswer, finding: string | undefined]>([
  [{ kind: "good" }, undefined],
  [{ kind: "login", sent: false, detail: "d" }, "warning index-login-required"],
  [{ kind: "login", sent: true, detail: "d" }, "error index-login-refused"],
  [{ kind: "curated", detail: "d" }, "warning index-curated"],
  [{ kind: "wrong-path", detail: "d" }, "error index-path-wrong"],
  [{ kind: "not-spoken", detail: "d" }, "error index-not-spoken"],
  [{ kind: "redirects", detail: "d" }, "error index-redirects"],
  [{ kind: "failed", status: 503, detail: "d" }, "warning index-failed"],
  [network({ kind: "name-unknown", detail: "d" }), "warning index-name-unknown"],
  [network({ kind: "refused", detail: "d" }), "warning index-unreachable"],
  [network({ kind: "unreachable", detail: "d" }), "warning index-unreachable"],
  [network({ kind: "reset", detail: "d" }), "warning index-unreachable"],
  [network({ kind: "timed-out", detail: "d" }), "warning index-timeout"],
  [network({ kind: "not-http", detail: "d" }), "warning index-not-spoken"],
  [network({ kind: "untrusted", detail: "d" }), "warning index-untrusted"],
  [network({ kind: "self-signed", detail: "d" }), "warning index-untrusted"],
  [network({ kind: "incomplete-chain", detail: "d" }), "warning index-untrusted"],
  [network({ kind: "wrong-host", detail: "d" }), "warning index-tls-failed"],
  [network({ kind: "not-tls", detail: "d" }), "warning index-tls-failed"],
  [network({ kind: "untrusted", detail: "d", proxy: "https://proxy:3128" }), "warning tls-untrusted"],
  [network({ kind: "proxy", detail: "d", proxy: "http://proxy:3128", refusal: undefined }), "warning proxy-failed"],
])("%j is %s", (answer, expected) => {
  const found = answerFinding(answer, asked);
  expect(found && `${found.severity} ${found.code}`).toBe(expected);
  if (found) expect(found.why).toContain("d");
});

it("a page through a proxy may be the proxy's, which builds may not have", () => {
  const found = answerFinding({ kind: "not-spoken", detail: "d" }, { ...asked, isThroughProxy: true });
  expect(found).toMatchObject({ severity: "warning", code: "index-not-spoken" });
});
