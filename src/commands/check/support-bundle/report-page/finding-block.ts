import type { ReportedFinding } from "../../../../report/described-finding.ts";
import { type Html, html } from "./html.ts";

/** Lines of a cause that are shown; what follows is folded, so that the fix is not pushed off the screen. */
const causeLines = 4;

/** What a finding says, as labelled lines: why, fix, the next command, where its code is explained. */
export function findingBlock({ code, why, fix, next, docs }: ReportedFinding): Html {
  return html`<dl class="finding">
${why === "" ? undefined : html`<div><dt>Why</dt><dd>${causeOf(why)}</dd></div>`}
<div><dt>Fix</dt><dd class="fix">${fix}</dd></div>
<div><dt>Next</dt><dd><pre tabindex="0"><code>${next}</code></pre></dd></div>
<div><dt>More</dt><dd><code>${code}</code> in ${docsLink(docs)}</dd></div>
</dl>`;
}

function causeOf(why: string): Html {
  const lines = why.split("\n");
  const more = lines.slice(causeLines);
  return html`<div class="raw">${lines.slice(0, causeLines).join("\n")}</div>
${more.length === 0 ? undefined : html`<details><summary>${more.length} more ${more.length === 1 ? "line" : "lines"}</summary><div class="raw">${more.join("\n")}</div></details>`}`;
}

/** Without an address of the documentation, findings name the place in the repository. */
function docsLink(docs: string): Html {
  return /^https?:\/\//.test(docs) ? html`<a href="${docs}" rel="noreferrer">${docs}</a>` : html`<bdi>${docs}</bdi>`;
}
