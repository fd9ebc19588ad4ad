import type { ImageSpec } from "#flyteidl2/imagebuilder/definition_pb.js";
import type { CreateRunRequest } from "#flyteidl2/workflow/run_service_pb.js";
import { createBehaviors } from "./behaviors.ts";
import type { BuildBehavior } from "./build-behavior.ts";
import { createExecutions, imageSpecOf } from "./executions.ts";
import { createInputStore } from "./input-store.ts";
import { stringsOf } from "./literals.ts";
import { bucket, createObjectStore } from "./object-store.ts";
import type { Projects } from "./projects.ts";
import type { RecordedRequest } from "./recorded-requests.ts";
import { isEnd, phaseName } from "./run-script.ts";
import { createRuns } from "./run-store.ts";

/** What a test sees of a run. */
interface StandInRun {
  readonly project: string;
  readonly domain: string;
  readonly name: string;
  /** In the words of a behavior, such as "initializing" or "timed-out". */
  readonly phase: string;
  readonly hasEnded: boolean;
  readonly request: CreateRunRequest;
  /** The inputs that are strings, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What was uploaded for it. */
  readonly imageSpec: ImageSpec | undefined;
  readonly abortReason: string | undefined;
  readonly createdAt: Date;
}

/** What a test has of the builds of a stand-in. */
export interface Builds {
  /** Puts a behavior in force in place of the one before, for runs to come and all RPCs. */
  behave(behavior: BuildBehavior): void;
  /** Every run, oldest first. */
  runs(): readonly StandInRun[];
}

/** The parts that builds go through. `origin` is that of the bucket. */
export function createBuildParts(
  behavior: BuildBehavior,
  { projects, now, origin }: { projects: Projects; now: () => Date; origin: () => string },
) {
  const behaviors = createBehaviors(behavior);
  const requests: RecordedRequest[] = [];
  const onUpload = (upload: RecordedRequest) => void requests.push(upload);
  const objectStore = createObjectStore({ projects, behaviors, now, origin, onUpload });
  const runs = createRuns(now);
  const builds: Builds = {
    behave: behaviors.behave,
    runs: () =>
      runs.all().map((run) => ({
        ...run.id,
        phase: phaseName(run.phase()),
        hasEnded: isEnd(run.phase()),
        request: run.request,
        inputs: stringsOf(run.inputs),
        imageSpec: imageSpecOf(run, objectStore.read),
        abortReason: run.abortReason,
        createdAt: run.createdAt,
      })),
  };
  return {
    behaviors,
    requests,
    objectStore,
    runs,
    uploadedInputs: createInputStore(bucket),
    executions: createExecutions(objectStore.read),
    builds,
  };
}

/** What `createBuildParts` makes. */
export type BuildParts = ReturnType<typeof createBuildParts>;
