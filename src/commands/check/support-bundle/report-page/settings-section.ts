import { type Html, html } from "./html.ts";
import type { SettingRow } from "./page-content.ts";
import { shortened } from "./visible-text.ts";

/** Characters of a value. */
const longest = 2_000;

/** Each setting with its value: those that were given with their source, then the defaults. */
export function settingsSection(rows: readonly SettingRow[]): Html {
  const given = rows.filter(({ source }) => source !== undefined);
  const defaults = rows.filter(({ source }) => source === undefined);
  return html`<section aria-labelledby="settings">
<h2 id="settings">Settings</h2>
${
  rows.length === 0
    ? html`<p>They could not be read; the first finding says why.</p>`
    : html`${settingsTable("Settings that were given, and where", given)}
<details><summary>${defaults.length} defaults</summary>${settingsTable("Settings that are defaults", defaults)}</details>`
}
</section>`;
}

// Roles are written out: on a phone, cells are stacked, and browsers no longer take it for a table then.
function settingsTable(caption: string, rows: readonly SettingRow[]): Html {
  return html`<table class="settings" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Setting</th><th scope="col" role="columnheader">Value</th><th scope="col" role="columnheader">Source</th></tr></thead>
<tbody role="rowgroup">
${rows.map(
  ({ setting, value, source }) =>
    html`<tr role="row"><th scope="row" role="rowheader"><code>${setting}</code></th><td role="cell" class="raw">${shortened(value, longest)}</td><td role="cell" class="source">${source ?? "default"}</td></tr>
`,
)}</tbody></table>`;
}
