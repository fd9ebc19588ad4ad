/** Characters of one sentence in the cluster: an Event holds 1024, and a ConfigMap of few entries stays small. */
const longest = 1000;

/** Findings of one run that the cluster is told of. */
export const mostFindings = 10;

/** A text in one line that Kubernetes has room for. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
