import type { RunIdentifier } from "#flyteidl2/common/identifier_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import type { Inputs } from "#flyteidl2/task/common_pb.js";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { CreateRunRequest } from "#flyteidl2/workflow/run_service_pb.js";
import type { BuildBehavior } from "./build-behavior.ts";
import { isEnd, type PhaseStart, scheduleOf } from "./run-script.ts";

/** What a run is created from. */
export interface NewRun {
  readonly id: Pick<RunIdentifier, "project" | "domain" | "name">;
  readonly request: CreateRunRequest;
  readonly spec: TaskSpec;
  readonly inputs: Inputs;
  readonly behavior: BuildBehavior;
}

/** One run. What it has come to is reckoned from the time that has passed; nothing ticks. */
export interface StoredRun extends NewRun {
  readonly createdAt: Date;
  /** The phases that have begun, oldest first; there is always one. */
  reached(): readonly PhaseStart[];
  phase(): ActionPhase;
  /** The run as it is now, so that all that one answer says of it fits together: a phase may begin between two readings. */
  still(): StoredRun;
  /** Lines of an executed build. */
  readonly logged: string[];
  /** The image of an executed build that went well. */
  image: string | undefined;
  abortReason: string | undefined;
  /** Ends the run now, if it has not ended. */
  end(phase: ActionPhase): void;
  log(line: string): void;
  /** Aborts when the run has ended other than by its own execution. */
  readonly aborted: AbortController;
  /** Grows whenever a phase begins or a line is logged. */
  version(): number;
  /** Waits until the version is another one than this. */
  changed(version: number, signal: AbortSignal): Promise<void>;
}

/** Every run. */
export interface Runs {
  get(id: Pick<RunIdentifier, "project" | "domain" | "name"> | undefined): StoredRun | undefined;
  add(run: NewRun): StoredRun;
  /** Oldest first. */
  all(): readonly StoredRun[];
}

function createRun(run: NewRun, createdAt: Date, milliseconds: () => number): StoredRun {
  const start = milliseconds();
  const passed = () => milliseconds() - start;
  let schedule: readonly PhaseStart[] = scheduleOf(run.behavior);
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
  };
  const reached = () => {
    const now = passed();
    return schedule.filter(({ after }) => after <= now);
  };
  const logged: string[] = [];
  const at = (begun: () => readonly PhaseStart[], lines: () => number) => ({
    reached: begun,
    phase: () => begun().at(-1)?.phase ?? ActionPhase.QUEUED,
    version: () => begun().length + lines(),
  });
  const stored: StoredRun = {
    ...run,
    createdAt,
    ...at(reached, () => logged.length),
    still() {
      const begun = reached();
      const lines = logged.length;
      const still: StoredRun = {
        ...stored,
        ...at(
          () => begun,
          () => lines,
        ),
        still: () => still,
      };
      return still;
    },
    logged,
    image: undefined,
    abortReason: undefined,
    aborted: new AbortController(),
    end(last) {
      const { phase, reached: begun } = stored.still();
      if (isEnd(phase())) return;
      schedule = [...begun(), { phase: last, after: passed() }];
      wake();
    },
    log(line) {
      logged.push(line);
      wake();
    },
    async changed(known, signal) {
      while (!signal.aborted) {
        // Read once: a phase that begins between two readings would not be waited for.
        const begun = reached().length;
        if (begun + logged.length !== known) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        const next = schedule[begun];
        const timer = next && setTimeout(resolve, Math.max(0, next.after - passed())).unref();
        const leave = () => resolve();
        waiting.add(resolve);
        signal.addEventListener("abort", leave);
        await promise;
        signal.removeEventListener("abort", leave);
        waiting.delete(resolve);
        clearTimeout(timer);
      }
    },
  };
  return stored;
}

/** An empty store. @param milliseconds time that passes, from any origin */
export function createRuns(now: () => Date, milliseconds = () => performance.now()): Runs {
  const runs = new Map<string, StoredRun>();
  const keyOf = ({ project, domain, name }: NewRun["id"]) => [project, domain, name].join("\n");
  return {
    get: (id) => id && runs.get(keyOf(id)),
    add(run) {
      const stored = createRun(run, now(), milliseconds);
      runs.set(keyOf(run.id), stored);
      return stored;
    },
    all: () => [...runs.values()],
  };
}
