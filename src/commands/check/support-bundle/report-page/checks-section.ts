import { categories } from "../../../../checks/categories.ts";
import type { ReportedCheck } from "../../../../report/check-report.ts";
import { findingBlock } from "./finding-block.ts";
import { type Html, html } from "./html.ts";
import { statusLabel } from "./status-mark.ts";

/**
 * Each check with its status, what was found, and its fix, grouped as in the text output.
 * @param root the check whose finding is shown at the top already; here it is folded
 */
export function checksSection(checks: readonly ReportedCheck[], root: ReportedCheck | undefined): Html {
  const groups = categories.filter((category) => checks.some((check) => check.category === category));
  return html`<section aria-labelledby="checks">
<h2 id="checks">Checks</h2>
${groups.map(
  (category) => html`<h3 id="checks-${category}">${category}</h3>
<ul class="checks" aria-labelledby="checks-${category}">
${checks.filter((check) => check.category === category).map((check) => checkItem(check, check === root))}
</ul>`,
)}
</section>`;
}

function checkItem({ name, title, status, detail, finding }: ReportedCheck, isRoot: boolean): Html {
  return html`<li class="check ${status}">
<p class="state">${statusLabel(status)} <code>${name}</code></p>
<div class="found"><p class="title">${title}</p>
${detail === "" ? undefined : html`<p class="detail">${detail}</p>`}
${finding && html`<details${isRoot ? undefined : html` open`}><summary>Cause and fix of ${finding.code}</summary>${findingBlock(finding)}</details>`}
</div></li>
`;
}
