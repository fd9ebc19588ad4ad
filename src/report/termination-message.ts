import { outlineOf, type Report } from "./report.ts";
import { findingText, offMargin, painter } from "./text.ts";

/** Bytes of a termination message that the kubelet keeps. */
const maximalBytes = 4096;

/**
 * What `kubectl describe pod` shows of a run that has ended: its summary, then its findings, cut at a whole character.
 * @param redact removes the secrets; done before the cut, which could otherwise leave half of one
 */
export function terminationMessage(report: Report, redact: (text: string) => string): string {
  const { summary, findings } = outlineOf(report);
  const lines = [offMargin(summary), ...findings.map((finding) => findingText(finding, painter(false)))];
  const bytes = new TextEncoder().encode(redact(lines.join("\n")));
  if (bytes.length <= maximalBytes) return new TextDecoder().decode(bytes);
  const ellipsis = "…";
  const room = bytes.subarray(0, maximalBytes - new TextEncoder().encode(ellipsis).length);
  return new TextDecoder().decode(room).replace(/\uFFFD+$/, "") + ellipsis;
}
