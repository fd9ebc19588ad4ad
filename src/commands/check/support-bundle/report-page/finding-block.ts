import type { ReportedFinding } from "../../../../report/described-finding.ts";
import { type Html, html } from "./html.ts";

/** What a finding says, as labelled lines: why, fix, the next command, where its code is explained. */
export function findingBlock({ code, why, fix, next, docs }: ReportedFinding): Html {
  return html`<dl class="finding">
${why === "" ? undefined : html`<div><dt>Why</dt><dd class="raw">${why}</dd></div>`}
<div><dt>Fix</dt><dd class="fix">${fix}</dd></div>
<div><dt>Next</dt><dd><pre tabindex="0"><code>${next}</code></pre></dd></div>
<div><dt>More</dt><dd><code>${code}</code> in ${docsLink(docs)}</dd></div>
</dl>`;
}

/** Without an address of the documentation, findings name the place in the repository. */
function docsLink(docs: string): Html {
  return /^https?:\/\//.test(docs) ? html`<a href="${docs}" rel="noreferrer">${docs}</a>` : html`<bdi>${docs}</bdi>`;
}
