import { checksSection } from "./checks-section.ts";
import { definitionSection, labelledList } from "./definition-section.ts";
import { type Html, html, trusted } from "./html.ts";
import type { Page } from "./page-content.ts";
import { pageStyle, styleSource } from "./page-style.ts";
import { settingsSection } from "./settings-section.ts";
import { markShapes } from "./status-mark.ts";
import { rootOf, verdictOf, verdictSection } from "./verdict-section.ts";

/**
 * One HTML file that shows a run of the checks to a person. It has no script and loads nothing: its policy allows its own style
 * alone, so that even markup that got into it could do nothing.
 * @param page without secrets: once escaped, they could not be found
 */
export function reportPage(page: Page): string {
  const { report, madeAt, subject } = page;
  const { program, exitCode, milliseconds } = report;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${trusted(styleSource())}; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdictOf(report).words} · registrar check</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
${markShapes}
<a class="skip" href="#verdict">Skip to the verdict</a>
<header>
<p><b>Image Builder Registrar</b> ${program.version}, registrar check</p>
<p><time datetime="${madeAt}">${dateAndTime(madeAt)}</time>, ${(milliseconds / 1000).toFixed(1)} s, exit code ${exitCode}</p>
</header>
<main>
${verdictSection(report)}
<nav aria-label="On this page"><ul><li><a href="#checks">Checks</a></li><li><a href="#settings">Settings</a></li><li><a href="#definition">Definition</a></li></ul></nav>
${subjectSection(page.subject.length > 0 ? labelledList(subject) : undefined)}
${checksSection(report.checks, rootOf(report))}
${settingsSection(page.settings)}
${definitionSection(page.definition)}
</main>
<footer><p>Known secrets are removed; read it before you send it. The other files of the support bundle have the same in full: check.txt and check.json the findings, settings.json, task.yaml the wanted definition, registered.json the current one, versions.json, status.json the last runs.</p></footer>
</body>
</html>
`.markup
  }`;
}

function subjectSection(lines: Html | undefined): Html | undefined {
  return lines && html`<section aria-labelledby="subject"><h2 id="subject">What was checked</h2>${lines}</section>`;
}

/** `2026-11-27 00:43 UTC` */
function dateAndTime(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
