import { clone, create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { TimeoutStrategySchema } from "#flyteidl2/core/literals_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { CacheLookupScope } from "#flyteidl2/task/run_pb.js";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { answerOf } from "../control-plane/rpc-answer.ts";
import type { Session } from "../control-plane/session.ts";
import { retry } from "../system/retry.ts";
import { type BuildContext, projectIdOf } from "./build-context.ts";
import { absent, type BuildRequests, explained } from "./build-requests.ts";

/** How much longer than this program the server waits before it ends the run, in milliseconds. */
const serverGrace = 60_000;

/** Names these runs in the project's list, for people and for the server's queries. */
const label = { "image-builder-registrar": "smoke" };

/** What the SDK sets for a user's build (flyte 2.12.1). */
const environment = [
  { key: "LOG_LEVEL", value: "30" },
  { key: "LOG_FORMAT", value: "console" },
  { key: "USER_LOG_LEVEL", value: "20" },
];

/**
 * The registered spec with a deadline, by which the server ends the run if this program cannot: if it is killed. A server that
 * ignores it loses nothing (proto of TaskMetadata.timeouts).
 */
export function withDeadline(spec: TaskSpec, timeoutMilliseconds: number): TaskSpec {
  const limited = clone(TaskSpecSchema, spec);
  const deadline = durationFromMs(timeoutMilliseconds + serverGrace);
  if (limited.taskTemplate?.metadata)
    limited.taskTemplate.metadata.timeouts = create(TimeoutStrategySchema, { deadline });
  return limited;
}

/** The inputs of the task, as the SDK gives them: without files there is no context. */
function inputsOf(specUrl: string, target: string) {
  const literals = Object.entries({ context: "", spec: specUrl, target_image: target }).map(([name, text]) => ({
    name,
    value: {
      value: {
        case: "scalar" as const,
        value: {
          value: {
            case: "primitive" as const,
            value: { value: { case: "stringValue" as const, value: text } },
          },
        },
      },
    },
  }));
  return { literals };
}

/**
 * Stores the inputs in the bucket, by the data plane.
 * @returns what `createRun` takes: where they are, or the inputs themselves for a server that stores none, as before 2026-04
 */
export async function storeInputs(context: BuildContext, requests: BuildRequests, spec: TaskSpec, specUrl: string) {
  const inputs = inputsOf(specUrl, context.plan.target);
  const id = { case: "projectId" as const, value: projectIdOf(context) };
  const task = { case: "taskSpec" as const, value: spec };
  const stored = await requests.askDataPlane("upload-inputs", "upload-inputs", (transport, options) =>
    createClient(DataProxyService, transport).uploadInputs({ id, task, inputs }, options),
  );
  if (stored === absent) {
    context.notes.add("the data plane does not store inputs, so the run got them with the request");
    return { case: "inputs" as const, value: inputs };
  }
  return stored.offloadedInputData
    ? { case: "offloadedInputData" as const, value: stored.offloadedInputData }
    : { case: "inputs" as const, value: inputs };
}

/**
 * Creates the run under its own name. A lost answer is asked for again: a server that has the run answers with it, or that it
 * exists. The build's own signal ends the attempts, but no attempt is cut short by it: what the server has begun must be known.
 * @param lasting a session that outlives the build's signal
 * @throws {RegistrarError} build-…, and those of a session
 */
export async function createRun(
  context: BuildContext,
  lasting: Session,
  signal: AbortSignal,
  spec: TaskSpec,
  inputs: Awaited<ReturnType<typeof storeInputs>>,
): Promise<void> {
  const { run, clock, until, request } = context;
  const message = {
    id: { case: "runId" as const, value: run },
    task: { case: "taskSpec" as const, value: spec },
    inputWrapper: inputs,
    runSpec: {
      labels: { values: label },
      annotations: {},
      envs: { values: environment },
      // As the SDK with force=True: an equal build must not be answered from the cache.
      overwriteCache: true,
      cacheConfig: { overwriteCache: true, cacheLookupScope: CacheLookupScope.PROJECT_DOMAIN },
    },
  };
  await retry(
    () =>
      lasting.callOnce(request, async (transport, options) => {
        try {
          await explained(createClient(RunService, transport).createRun(message, options), "create-run", context);
        } catch (error) {
          if (answerOf(error) !== "already-exists") throw error;
        }
      }),
    Math.max(1, until - clock.now()),
    clock,
    signal,
  );
}
