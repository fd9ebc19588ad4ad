import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import type { ImageSpec } from "#flyteidl2/imagebuilder/definition_pb.js";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { ExecutedBuild, ExecutionResult } from "./build-behavior.ts";
import { parseImageSpec } from "./image-spec.ts";
import { stringsOf } from "./literals.ts";
import type { StoredRun } from "./run-store.ts";

/** Builds that go on for real. */
export interface Executions {
  /** Starts the build of a run whose behavior executes it. */
  start(run: StoredRun): void;
  /** Aborts what goes on, and waits for its end. */
  stop(): Promise<void>;
}

/** The arguments of the container of a spec, whichever of the two forms it has. */
function argumentsOf({ taskTemplate }: TaskSpec): readonly unknown[] {
  const target = taskTemplate?.target;
  if (target?.case === "container") return target.value.args;
  const containers = target?.case === "k8sPod" ? target.value.podSpec?.["containers"] : undefined;
  const [main] = Array.isArray(containers) ? containers : [];
  const args = main !== null && typeof main === "object" && "args" in main ? main["args"] : undefined;
  return Array.isArray(args) ? args : [];
}

function frontendOf(spec: TaskSpec): string {
  const args = argumentsOf(spec);
  const flag = args.indexOf("--frontend");
  return flag < 0 ? "" : String(args[flag + 1] ?? "");
}

/** The spec that a run was given; undefined if there is none where its input points. */
export function imageSpecOf(run: StoredRun, read: (uri: string) => Uint8Array | undefined): ImageSpec | undefined {
  const content = read(stringsOf(run.inputs)["spec"] ?? "");
  return content && parseImageSpec(content);
}

function settle(run: StoredRun, result: ExecutionResult): void {
  if ("image" in result) run.image = result.image;
  else if (!run.logged.join("\n").includes(result.error)) run.log(result.error);
  run.end("image" in result ? ActionPhase.SUCCEEDED : ActionPhase.FAILED);
}

/** Executes builds of specs that are read from a bucket. */
export function createExecutions(read: (uri: string) => Uint8Array | undefined): Executions {
  const going = new Map<StoredRun, Promise<void>>();
  const execute = async (run: StoredRun, build: (build: ExecutedBuild) => Promise<ExecutionResult>) => {
    const spec = imageSpecOf(run, read);
    if (spec === undefined) return settle(run, { error: "the spec cannot be read" });
    const target = stringsOf(run.inputs)["target_image"] ?? "";
    const { signal } = run.aborted;
    const log = (line: string) => run.log(line);
    try {
      settle(run, await build({ spec, target, frontend: frontendOf(run.spec), log, signal }));
    } catch (error) {
      settle(run, { error: String(error) });
    }
  };
  return {
    start(run) {
      const { execute: build } = run.behavior;
      if (build === undefined) return;
      going.set(
        run,
        execute(run, build).finally(() => going.delete(run)),
      );
    },
    async stop() {
      for (const run of going.keys()) run.aborted.abort();
      await Promise.all(going.values());
    },
  };
}
