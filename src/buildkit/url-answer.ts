import { type PullFault, pullFaultOf } from "./pull-faults.ts";

/** What buildkit's network gives for a URL. */
export type UrlAnswer =
  /** A server has answered, whatever it says: 401 of a package index means that it is there. */
  | { kind: "answers"; status: number }
  /**
   * A server has answered with a certificate that buildkitd does not trust. It asks its system's CAs here, and neither the `ca` of
   * buildkitd.toml nor the CAs of uv or pip, so this says nothing about builds.
   */
  | { kind: "untrusted"; words: string }
  | PullFault;

/** Finds in buildkit's words how far it has come with a URL. */
export function urlAnswerOf(message: string): UrlAnswer {
  const status = /\binvalid response status (\d{3})\b/.exec(message)?.[1];
  if (status !== undefined) return { kind: "answers", status: Number(status) };
  // It has fetched what cannot have the checksum that was asked for.
  if (/\bdigest mismatch\b/.test(message)) return { kind: "answers", status: 200 };
  const fault = pullFaultOf(message);
  const isAboutTrust = fault.kind === "ca-unknown" || fault.kind === "certificate";
  return isAboutTrust ? { kind: "untrusted", words: fault.words } : fault;
}
