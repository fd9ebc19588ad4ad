import type { CheckReport, ReportedCheck } from "../../../../report/check-report.ts";
import { findingBlock } from "./finding-block.ts";
import { type Html, html } from "./html.ts";
import { type Status, statuses, statusLabel, statusMark } from "./status-mark.ts";

/** The check whose finding explains the others: the first that failed, else the first warning. */
export function rootOf({ checks }: Pick<CheckReport, "checks">): ReportedCheck | undefined {
  const first = (status: Status) => checks.find((check) => check.status === status);
  return first("failed") ?? first("warning");
}

/** The verdict in a few words, and the status that it has. */
export function verdictOf({ checks, exitCode }: Pick<CheckReport, "checks" | "exitCode">): {
  status: Status;
  words: string;
} {
  const has = (status: Status) => checks.some((check) => check.status === status);
  if (has("failed")) return { status: "failed", words: "Remote image builds cannot work yet" };
  if (has("warning")) return { status: "warning", words: "Nothing failed, but there are warnings" };
  // Nothing failed, so what blocked them is a finding that --skip ignores.
  if (exitCode !== 0 || checks.some(({ skipped }) => skipped === "blocked"))
    return { status: "skipped", words: "Nothing failed, but not everything was checked" };
  const notHere = notRunHere(checks).length;
  if (notHere > 0) {
    const which = notHere === 1 ? "one check" : `${notHere} checks`;
    return { status: "skipped", words: `Nothing failed, but ${which} could not run here` };
  }
  return { status: "passed", words: "All prerequisites of remote image builds are met" };
}

/** The top of the page: the verdict, how many checks ended how, and the root finding. */
export function verdictSection(report: CheckReport): Html {
  const { status, words } = verdictOf(report);
  const root = rootOf(report);
  return html`<section class="verdict ${status}" aria-labelledby="verdict">
<h1 id="verdict">${statusMark(status)} <span>${words}</span></h1>
<ul class="counts">${statuses.map((one) => countOf(report, one))}</ul>
<p class="summary">${report.summary}</p>
${notHereNote(report.checks)}
${root?.finding && rootFinding(root, root.finding)}
</section>`;
}

/** The checks that this place does not allow: a workstation without a kubeconfig, or what only pods reach. */
function notRunHere(checks: readonly ReportedCheck[]): ReportedCheck[] {
  return checks.filter(({ skipped }) => skipped === "not-here");
}

function notHereNote(checks: readonly ReportedCheck[]): Html | undefined {
  const names = notRunHere(checks).map(({ category, name }) => `${category}/${name}`);
  return names.length === 0
    ? undefined
    : html`<p class="summary">Not possible here, each for the reason below: <code>${names.join(", ")}</code></p>`;
}

function countOf({ checks }: CheckReport, status: Status): Html | undefined {
  const count = checks.filter((check) => check.status === status).length;
  return count === 0 ? undefined : html`<li>${statusLabel(status, `${count} ${status}`)}</li>`;
}

function rootFinding({ category, name, status }: ReportedCheck, finding: NonNullable<ReportedCheck["finding"]>): Html {
  return html`<div class="root">
<p class="eyebrow">${status === "failed" ? "Fix this first" : "Look at this first"} <code>${category}/${name}</code></p>
<h2>${finding.what}</h2>
${findingBlock(finding)}
</div>`;
}
