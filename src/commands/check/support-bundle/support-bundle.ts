import type { CheckReport } from "../../../report/check-report.ts";
import { checkPrinter } from "../../../report/check-text.ts";
import { type ArchivedFile, packArchive } from "./archive.ts";

/**
 * A support bundle: what the checks found, as text and as JSON, and what they worked with.
 * @param support the files of `supportFiles`
 * @param redact takes the secrets, and what a terminal obeys, out of each file
 */
export function packBundle(
  report: CheckReport,
  support: readonly ArchivedFile[],
  time: Date,
  redact: (text: string) => string,
): Promise<Uint8Array> {
  const print = checkPrinter(false);
  const text = [...report.checks.map((result) => print(result)), "", report.summary, ""].join("\n");
  const json = `${JSON.stringify(report, null, 2)}\n`;
  const files = [{ name: "check.txt", text }, { name: "check.json", text: json }, ...support];
  const clean = files.map((file) => ({ name: file.name, text: redact(file.text) }));
  return packArchive("registrar-support", clean, time);
}
