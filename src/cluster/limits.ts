import { beginningOf } from "../findings/cut-text.ts";

/** Characters of one text in the cluster: an Event holds 1024. */
const maximalCharacters = 1000;

/** Findings of one run that are written to the cluster. */
export const maximalFindings = 10;

/** A text in one line, cut to what Kubernetes has room for. */
export function shorten(text: string): string {
  return beginningOf(text.replace(/\s+/g, " ").trim(), maximalCharacters);
}
