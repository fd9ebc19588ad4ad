import type { Finding } from "../findings/registrar-error.ts";
import type { Clock } from "../system/clock.ts";
import type { Step } from "./report.ts";

/** Collects what a run did and found, and tells a listener of each step as it ends. */
export interface Recorder {
  /** Times a piece of work as one step; `describe` puts its outcome into words. A failure is recorded and thrown on. */
  step<T>(
    name: string,
    work: () => Promise<T> | T,
    describe: (outcome: T) => string | Pick<Step, "status" | "detail">,
  ): Promise<T>;
  warn(finding: Finding): void;
  /** The step that runs, or ran last: what a deadline names. */
  current(): string;
  steps: readonly Step[];
  warnings: readonly Finding[];
}

/** Makes a recorder. */
export function createRecorder(clock: Clock, onStep: (step: Step) => void): Recorder {
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
    warn: (finding) => {
      if (!warnings.some(({ code, what }) => code === finding.code && what === finding.what)) warnings.push(finding);
    },
    async step(name, work, describe) {
      current = name;
      const started = clock.now();
      const milliseconds = () => Math.round(clock.now() - started);
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
