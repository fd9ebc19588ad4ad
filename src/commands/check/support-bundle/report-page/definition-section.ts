import { type Html, html } from "./html.ts";
import type { ComparedDefinition, DefinitionContent, FieldRow, Labelled } from "./page-content.ts";
import { statusMark } from "./status-mark.ts";
import { shortened } from "./visible-text.ts";

/** Characters of a value; registered.json and task.yaml have it whole. */
const longest = 4_000;

/** The wanted and the current definition side by side, the fields that differ first. */
export function definitionSection(definition: DefinitionContent): Html {
  return html`<section aria-labelledby="definition">
<h2 id="definition">Definition</h2>
${"missing" in definition ? html`<p>${definition.missing}</p>` : comparison(definition)}
</section>`;
}

function comparison({ wanted, current, isWanted, fields }: ComparedDefinition): Html {
  const different = fields.filter(({ isDifferent }) => isDifferent);
  return html`<p class="state">${statusMark(isWanted ? "passed" : "warning")} <span>${sentence(different.length, isWanted)}</span></p>
<div class="sides">
<div><h3>Wanted by these settings</h3>${labelledList(wanted)}</div>
<div><h3>Current on the control plane</h3>${labelledList(current)}</div>
</div>
${different.length === 0 ? undefined : fieldsTable("Fields that differ", different)}
<details><summary>All ${fields.length} fields side by side</summary>${fieldsTable("All fields that are compared", fields)}</details>`;
}

function sentence(differences: number, isWanted: boolean): string {
  if (isWanted) return "The current registration is the wanted definition.";
  if (differences === 0) return "No field differs, but it is registered for another appVersion.";
  return differences === 1 ? "One field differs." : `${differences} fields differ.`;
}

/** Lines of a label and a value. */
export function labelledList(lines: readonly Labelled[]): Html {
  return html`<dl class="facts">${lines.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A field's name has a row of its own, so that both values have half of a phone's width. */
function fieldsTable(caption: string, fields: readonly FieldRow[]): Html {
  return html`<table class="fields"><caption>${caption}</caption>
<thead><tr><th scope="col">Wanted</th><th scope="col">Current</th></tr></thead>
${fields.map(
  ({ field, wanted, current, isDifferent }) =>
    html`<tbody class="${isDifferent ? "different" : "equal"}"><tr><th scope="rowgroup" colspan="2">${isDifferent ? html`<b class="differs">≠ differs</b> ` : undefined}<code>${field}</code></th></tr>
<tr>${cell(wanted)}${cell(current)}</tr></tbody>
`,
)}</table>`;
}

function cell(value: string | undefined): Html {
  return value === undefined
    ? html`<td class="absent">not set</td>`
    : html`<td class="raw">${value === "" ? html`<span class="absent">empty</span>` : shortened(value, longest)}</td>`;
}
