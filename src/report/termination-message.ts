import type { Report } from "./report.ts";
import { findingText, painter } from "./text.ts";

/** The kubelet keeps this many bytes of a termination message. */
const limit = 4096;

/** What `kubectl describe pod` shows of a run that has ended: its state, then its findings. */
export function terminationMessage(report: Report, redact: (text: string) => string): string {
  return terminationMessageOf(`${report.state}: ${report.summary}`, report.findings, redact);
}

/**
 * A termination message of a first line and findings, cut at a whole character.
 * @param redact takes the secrets out; done before the cut, which could leave half of one and what is put in its place
 * could be longer
 */
export function terminationMessageOf(
  firstLine: string,
  findings: Report["findings"],
  redact: (text: string) => string,
): string {
  const lines = [firstLine, ...findings.map((finding) => findingText(finding, painter(false)))];
  const bytes = new TextEncoder().encode(redact(lines.join("\n")));
  if (bytes.length <= limit) return new TextDecoder().decode(bytes);
  const ellipsis = "…";
  const room = bytes.subarray(0, limit - new TextEncoder().encode(ellipsis).length);
  return new TextDecoder().decode(room).replace(/\uFFFD+$/, "") + ellipsis;
}
