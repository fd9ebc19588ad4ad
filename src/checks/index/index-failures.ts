import { type Finding, finding } from "../../findings/finding.ts";
import type { NetworkFault } from "../../network/faults.ts";
import { proxyFailure } from "../../network/proxy-failures.ts";
import { isTlsFault, tlsFailure } from "../../network/tls-failures.ts";
import type { IndexAnswer } from "../../package-index/ask-index.ts";
import type { BuildkitAnswer } from "../network/connection-verdict.ts";

/** Who asked which index. */
export interface Asked {
  /** As it may be shown. */
  index: string;
  /** What names it: `UV_INDEX_URL of registry.example.com/base:1`. */
  source: string;
  seenBy: "this pod" | "this machine";
  /** Whether this program asks through a proxy, which builds may not have. */
  isThroughProxy: boolean;
}

/**
 * The finding for an answer of an index. What the network between this program and the index did is a warning: builds have
 * buildkit's. So is what builds may have and this program has not (credentials), and what may pass.
 * @returns nothing if it is a full index
 */
export function answerFinding(answer: IndexAnswer, asked: Asked): Finding | undefined {
  const { index, source, isThroughProxy } = asked;
  switch (answer.kind) {
    case "good":
      return undefined;
    case "login":
      return answer.sent
        ? finding("error", "index-login-refused", { index, source }, answer.detail)
        : finding("warning", "index-login-required", { index }, answer.detail);
    case "curated":
      return finding("warning", "index-curated", { index }, answer.detail);
    case "wrong-path":
      return finding("error", "index-path-wrong", { index }, answer.detail);
    case "not-spoken":
      return finding(isThroughProxy ? "warning" : "error", "index-not-spoken", { index }, answer.detail);
    case "redirects":
      return finding("error", "index-redirects", { index }, answer.detail);
    case "failed":
      return finding("warning", "index-failed", { index, status: answer.status }, answer.detail);
    case "network":
      return faultFinding(answer.fault, asked);
  }
}

function faultFinding(fault: NetworkFault, { index, seenBy }: Asked): Finding {
  if (fault.kind === "proxy") return { ...proxyFailure(fault, index).finding, severity: "warning" };
  const { detail } = fault;
  if (isTlsFault(fault)) {
    const { proxy } = fault;
    if (proxy !== undefined) return { ...tlsFailure(fault, proxy, "proxy").finding, severity: "warning" };
    return finding("warning", isUntrusted(fault) ? "index-untrusted" : "index-tls-failed", { index }, detail);
  }
  switch (fault.kind) {
    case "name-unknown":
      return finding("warning", "index-name-unknown", { index, seenBy }, detail);
    case "timed-out":
      return finding("warning", "index-timeout", { index, seenBy }, detail);
    case "not-http":
      return finding("warning", "index-not-spoken", { index }, detail);
    case "refused":
    case "unreachable":
    case "reset":
      return finding("warning", "index-unreachable", { index, seenBy }, detail);
  }
}

/** Whether a CA is not known here: a private one, unless the server leaves out a part of its chain. */
export function isUntrusted({ kind }: NetworkFault): boolean {
  return kind === "untrusted" || kind === "self-signed" || kind === "incomplete-chain";
}

/** The finding for what buildkit said about an index; a certificate shows a connection, and uv judges it by other CAs. */
export function buildkitFinding({ kind, detail }: BuildkitAnswer, index: string): Finding | undefined {
  const args = { index, seenBy: "buildkit" } as const;
  switch (kind) {
    case "answers":
      return undefined;
    case "name-unknown":
    case "dns-failed":
      return finding("error", "index-name-unknown", args, detail);
    case "timed-out":
    case "deadline":
      return finding("error", "index-timeout", args, detail);
    case "refused":
      return finding("error", "index-unreachable", args, detail);
    case "other":
      return isAboutCertificate(detail) ? undefined : finding("warning", "index-unclear", args, detail);
  }
}

function isAboutCertificate(detail: string): boolean {
  return /\b(x509|tls|certificate)\b/i.test(detail);
}
