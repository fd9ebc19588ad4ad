import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../findings/finding.ts";
import type { RunReport, Step } from "./run-report.ts";

/** What a run has found out, which is reported even if it fails afterwards. */
type Known = { [Key in "current" | "runs"]?: RunReport[Key] | undefined };

/** Collects what a run did and found, and passes each step to a listener as it ends. */
export interface Recorder {
  /** Runs a piece of work as one timed step; `describe` puts its outcome into words. A failure is recorded and rethrown. */
  step<T>(
    name: string,
    work: () => Promise<T> | T,
    describe: (outcome: T) => string | Pick<Step, "status" | "detail">,
  ): Promise<T>;
  /** Records a step that has ended, and was timed elsewhere. */
  note(step: Step): void;
  warn(finding: Finding): void;
  /** Notes what the run has found out, in place of what was known before; nothing, if that is no longer known. */
  learn(known: Known): void;
  /** The step that is running, or ran last. */
  current(): string;
  steps: readonly Step[];
  warnings: readonly Finding[];
  known: Readonly<Known>;
}

/**
 * Makes a recorder.
 * @param now milliseconds since a fixed moment
 */
export function createRecorder(now: () => number, onStep: (step: Step) => void): Recorder {
  const steps: Step[] = [];
  const warnings: Finding[] = [];
  const known: Known = {};
  let current = "start";
  const record = (step: Step) => {
    steps.push(step);
    onStep(step);
  };
  return {
    steps,
    warnings,
    known,
    current: () => current,
    note: record,
    warn: (finding) => {
      if (!warnings.some((before) => isDeepStrictEqual(before, finding))) warnings.push(finding);
    },
    learn: (news) => Object.assign(known, news),
    async step(name, work, describe) {
      current = name;
      const started = now();
      const milliseconds = () => Math.round(now() - started);
      try {
        const outcome = await work();
        const said = describe(outcome);
        const { status, detail } = typeof said === "string" ? { status: "ok" as const, detail: said } : said;
        record({ name, status, detail, milliseconds: milliseconds() });
        return outcome;
      } catch (error) {
        record({ name, status: "failed", detail: "", milliseconds: milliseconds() });
        throw error;
      }
    },
  };
}
