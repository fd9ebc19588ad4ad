import { type Finding, finding } from "../../findings/finding.ts";
import type { BuildEvidence, BuildSubject } from "../build-evidence.ts";
import { completeLog, readBuildLog, readContainerEnd } from "./build-log.ts";
import { plainText, shownWords } from "./build-words.ts";
import { logFailure } from "./log-failures.ts";
import { eventFailure, podFailure } from "./pod-failures.ts";

/**
 * Why a build has not succeeded: the first thing that is known in the error of its run, in its log and in the events of its pod.
 * Nothing is swallowed: what is not known becomes build-failed with the last words.
 * @param raw what is known of a run that failed, timed out or was aborted, or that this program no longer waits for
 */
export function explainRun(raw: BuildEvidence, subject: BuildSubject): Finding {
  const evidence = { ...raw, error: plainText(raw.error), events: raw.events.map(plainText) };
  const { run, project, domain } = subject;
  const where = { run, project, domain };
  if (evidence.phase === "aborted") {
    return finding("error", "build-aborted", where, shownWords(evidence.abortReason || evidence.error));
  }
  const known = evidence.phase === "failed" ? failureOf(evidence, subject) : delayOf(evidence, subject);
  if (known) return known;
  if (!evidence.hasEnded || evidence.phase === "timed-out") {
    const { phase, seconds } = evidence;
    return finding("error", "build-timeout", { ...where, phase, seconds }, lastWords(evidence));
  }
  return finding("error", "build-failed", where, lastWords(evidence));
}

/** Exit codes of a container that SIGKILL or SIGTERM ended. */
const killed: ReadonlySet<number> = new Set([137, 143]);

/** What ended a run: its container by itself, or something around it. */
function failureOf({ error, events, log }: BuildEvidence, subject: BuildSubject): Finding | undefined {
  const end = readContainerEnd(error);
  if (!end) {
    return podFailure(error, subject) ?? logFailure(logOf(error, log), subject) ?? eventFailure(events, subject);
  }
  if (end.reason !== "Error" && end.reason !== "") {
    const ended = podFailure(end.reason, subject);
    if (ended) return { ...ended, why: shownWords(error) };
  }
  const known = logFailure(logOf(end.tail, log), subject);
  if (known || !killed.has(end.exitCode)) return known;
  const event = eventFailure(events, subject);
  const reason = `exit code ${end.exitCode}`;
  return event?.code === "build-pod-killed"
    ? event
    : finding("error", "build-pod-killed", { reason }, lastEventOf(events, error));
}

function lastEventOf(events: readonly string[], error: string): string {
  return shownWords([events.at(-1) ?? "", error].join("\n"));
}

/** The end of a log that the error has, completed by the whole log. */
function logOf(tail: string, log: string) {
  return completeLog(readBuildLog(tail), readBuildLog(log));
}

/** What a run has waited for that has not ended by itself: before its container runs, only events can say. */
function delayOf({ phase, error, events, log }: BuildEvidence, subject: BuildSubject): Finding | undefined {
  if (phase === "running") return undefined;
  return (
    podFailure(error, subject) ??
    eventFailure(events, subject) ??
    (log === "" && error === "" ? undefined : logFailure(logOf(readContainerEnd(error)?.tail ?? error, log), subject))
  );
}

/** The error, else the last event before the container ran, else the end of the log. */
function lastWords({ phase, error, events, log }: BuildEvidence): string {
  const end = readContainerEnd(error);
  const said = end ? readBuildLog(end.tail).error || error : error;
  if (said.trim() !== "") return shownWords(said);
  const lastLines = log.trim().split("\n").slice(-5).join("\n");
  const lastEvent = events.at(-1) ?? "";
  return shownWords(phase === "running" ? lastLines || lastEvent : lastEvent || lastLines);
}
