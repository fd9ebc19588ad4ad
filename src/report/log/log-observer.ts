import type { Observer } from "../observer.ts";
import { outlineOf, type Report } from "../report.ts";
import type { ReportedBuild } from "../run-report.ts";
import { failedStates } from "../run-states.ts";
import { headline } from "../text.ts";
import { findingEntry, type Log, type LogEntry } from "./log-writer.ts";

const levels = { ok: "info", passed: "info", skipped: "info", warning: "warning", failed: "error" } as const;

/**
 * Shows what happens as a log: a line as each thing ends, then the findings, and last how the run ended.
 * @param print of `Log.writerTo`
 */
export function logObserver(log: Log, print: (text: string) => void): Observer {
  const write = log.writerTo(print);
  return {
    begin: ({ command, subject, program }) =>
      write({
        level: "info",
        message: headline({ command, subject, program }),
        version: program.version,
        ...(subject && { subject }),
      }),
    origin: log.learn,
    step: ({ name, status, detail, milliseconds }) =>
      write({
        level: levels[status],
        message: detail || `${name} ${status}`,
        step: name,
        outcome: status,
        milliseconds,
      }),
    progress() {},
    check: ({ category, name, title, status, detail, finding, milliseconds }) =>
      write({
        level: levels[status],
        ...(finding ? findingEntry(finding) : { message: status === "passed" ? `${title}: ${detail}` : detail }),
        category,
        check: name,
        outcome: status,
        milliseconds,
      }),
    wait: (codes, milliseconds) =>
      write({ level: "info", message: `waiting because of ${[...new Set(codes)].join(", ")}`, milliseconds }),
    imageStarted: (source) => write({ level: "info", message: `copying ${source}`, image: source }),
    imageEnded: ({ source, target, state, digest, finding, milliseconds }) =>
      write({
        ...(finding ? findingEntry(finding) : { level: "info", message: `${state}: ${target}` }),
        image: source,
        target,
        state,
        ...(digest !== undefined && { digest }),
        milliseconds,
      }),
    end: (report) => {
      if ("subject" in report && report.subject) log.learn(report.subject);
      closingEntries(report).forEach(write);
    },
  };
}

/** What was not written yet of a report that has ended. */
function closingEntries(report: Report): LogEntry[] {
  const { summary, findings } = outlineOf(report);
  const { exitCode, milliseconds } = report;
  const last = { message: summary, exitCode, milliseconds };
  const level = hasFailed(report) ? "error" : findings.length > 0 ? "warning" : "info";
  switch (report.command) {
    case "check":
      return [{ level, ...last }];
    case "images mirror": {
      const left = report.leftOut.map(({ what, fix }) => ({ level: "warning" as const, message: what, fix }));
      return [...left, ...report.warnings.map(findingEntry), { level, ...last }];
    }
    default: {
      const { state, builds = [] } = report;
      return [...builds.map(buildEntry), ...findings.map(findingEntry), { level, ...last, state }];
    }
  }
}

/** A registration may have failed although the exit code is 0 (`policy.failure`). */
function hasFailed(report: Report): boolean {
  return "state" in report ? failedStates.has(report.state) : report.exitCode !== 0;
}

function buildEntry({ project, domain, state, target, image, digest, milliseconds }: ReportedBuild): LogEntry {
  return {
    level: state === "failed" ? "error" : "info",
    message: `${state}: ${image ?? target} in ${project}/${domain}`,
    project,
    domain,
    state,
    target,
    ...(digest !== undefined && { digest }),
    milliseconds,
  };
}
