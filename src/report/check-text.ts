import type { ReportedCheck } from "./check-report.ts";
import { findingText, offMargin, painter } from "./text.ts";

const marks = { passed: "✔", warning: "!", failed: "✖", skipped: "↷" } as const;
/** Instead of the marks if there is no colour: a log may know only plain letters, and a reader may be a program. */
const words = { passed: "ok     ", warning: "warning", failed: "failed ", skipped: "skipped" } as const;
const styles = { passed: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

/** Makes a function that gives the lines of one check after another, under a heading if its category is new. */
export function checkPrinter(colour: boolean): (result: ReportedCheck) => string {
  const paint = painter(colour);
  let category: string | undefined;
  return (result) => {
    const { name, title, status, detail, finding } = result;
    const heading = result.category === category ? [] : [`${category === undefined ? "" : "\n"}${result.category}`];
    category = result.category;
    const mark = paint(styles[status], (colour ? marks : words)[status]);
    const heard = `${status === "passed" ? `${title}: ` : ""}${detail}`;
    const said = finding ? findingText(finding, paint) : offMargin(heard);
    return [...heading.map((text) => paint("bold", text)), `${mark} ${name.padEnd(12)} ${said}`].join("\n");
  };
}
