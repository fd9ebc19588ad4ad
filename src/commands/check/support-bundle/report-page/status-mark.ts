import type { ReportedCheck } from "../../../../report/check-report.ts";
import { type Html, html } from "./html.ts";

/** How a check ended, and how many of each. */
export type Status = ReportedCheck["status"];

/** In the order in which a reader looks for them. */
export const statuses = ["failed", "warning", "passed", "skipped"] as const satisfies readonly Status[];

/** One outline for each, so that they can be told apart without colour: octagon, triangle, disc, dashed circle. */
export const markShapes: Html = html`<svg width="0" height="0" aria-hidden="true" focusable="false">
<symbol id="failed" viewBox="0 0 16 16"><path class="fill" d="M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z"/><path class="cut" d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6"/></symbol>
<symbol id="warning" viewBox="0 0 16 16"><path class="fill" d="M8 .8 15.8 15H.2z"/><path class="cut" d="M8 5.6v4.2m0 2v1.4"/></symbol>
<symbol id="passed" viewBox="0 0 16 16"><circle class="fill" cx="8" cy="8" r="7.5"/><path class="cut" d="m4.6 8.3 2.4 2.4 4.4-5"/></symbol>
<symbol id="skipped" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6.7"/><path class="line" d="M5 8h6"/></symbol>
</svg>`;

/** The mark of a status. It says nothing to a screen reader: a word is always next to it. */
export function statusMark(status: Status): Html {
  return html`<svg class="mark ${status}" aria-hidden="true" focusable="false"><use href="#${status}"/></svg>`;
}

/** Mark and word. */
export function statusLabel(status: Status, word: string = status): Html {
  return html`<span class="status ${status}">${statusMark(status)} ${word}</span>`;
}
