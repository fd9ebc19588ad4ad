import { cleanText } from "../../../findings/clean-text.ts";
import type { CheckReport } from "../../../report/check-report.ts";
import { checkPrinter } from "../../../report/check-text.ts";
import type { Redactor } from "../../../report/redaction.ts";
import { packArchive } from "./archive.ts";
import { reportPage } from "./report-page/report-page.ts";
import type { Support } from "./support-files.ts";

/**
 * A support bundle: what the checks found, as a page, as text and as JSON, and what they worked with.
 * @param support what `supportFiles` has read
 * @param redactor takes the secrets, and what a terminal obeys, out of each file
 */
export function packBundle(
  found: CheckReport,
  { files, content }: Support,
  time: Date,
  { redact, redactAll }: Redactor,
): Promise<Uint8Array> {
  const print = checkPrinter(false);
  const report = redactAll(found);
  const text = [...report.checks.map((result) => print(result)), "", report.summary, ""].join("\n");
  const json = `${JSON.stringify(report, null, 2)}\n`;
  const texts = [{ name: "check.txt", text }, { name: "check.json", text: json }, ...files];
  const clean = texts.map((file) => ({ name: file.name, text: cleanText(redact(file.text)) }));
  // A secret is escaped in HTML, and might be a word of its markup, so it is removed from what the page is made of.
  const page = reportPage({ ...redactAll(content), report, madeAt: time.toISOString() });
  return packArchive("registrar-support", [{ name: "report.html", text: page }, ...clean], time);
}
