import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../findings/finding.ts";
import type { Step } from "./run-report.ts";

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
  /** The step that is running, or ran last. */
  current(): string;
  steps: readonly Step[];
  warnings: readonly Finding[];
}

/**
 * Makes a recorder.
 * @param now milliseconds since a fixed moment
 */
export function createRecorder(now: () => number, onStep: (step: Step) => void): Recorder {
  const steps: Step[] = [];
  const warnings: Finding[] = [];
  let current = "start";
  const record = (step: Step) => {
    steps.push(step);
    onStep(step);
  };
  return {
    steps,
    warnings,
    current: () => current,
    note: record,
    warn: (finding) => {
      if (!warnings.some((known) => isDeepStrictEqual(known, finding))) warnings.push(finding);
    },
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
