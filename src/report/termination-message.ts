import type { Report } from "./report.ts";
import { findingText, painter } from "./text.ts";

/** The kubelet keeps this many bytes of a termination message. */
const limit = 4096;

/** What `kubectl describe pod` shows of a run that has ended: its state, then its findings, cut at a whole character. */
export function terminationMessage(report: Report): string {
  const findings = report.findings.map((finding) => findingText(finding, painter(false)));
  const bytes = new TextEncoder().encode([`${report.state}: ${report.summary}`, ...findings].join("\n"));
  if (bytes.length <= limit) return new TextDecoder().decode(bytes);
  const ellipsis = "…";
  const room = bytes.subarray(0, limit - new TextEncoder().encode(ellipsis).length);
  return new TextDecoder().decode(room).replace(/\uFFFD+$/, "") + ellipsis;
}
