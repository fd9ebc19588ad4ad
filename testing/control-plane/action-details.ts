import { clone, create } from "@bufbuild/protobuf";
import type { RunIdentifier } from "#flyteidl2/common/identifier_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { TaskIdentifierSchema } from "#flyteidl2/task/task_definition_pb.js";
import {
  AbortInfoSchema,
  type Action,
  type ActionAttempt,
  ActionAttemptSchema,
  type ActionDetails,
  ActionDetailsSchema,
  type ActionMetadata,
  ActionMetadataSchema,
  ActionSchema,
  type ActionStatus,
  ActionStatusSchema,
  ActionType,
  type ErrorInfo,
  ErrorInfo_Kind,
  ErrorInfoSchema,
} from "#flyteidl2/workflow/run_definition_pb.js";
import { errorOf, hasRun } from "./run-results.ts";
import { isEnd } from "./run-script.ts";
import type { StoredRun } from "./run-store.ts";
import { serverTime } from "./times.ts";

/** The name of the action of a run that is its task. */
const rootAction = "a0";

const timeAfter = ({ createdAt }: StoredRun, milliseconds: number) =>
  serverTime(new Date(createdAt.getTime() + milliseconds), 36_000);

function metadata({ spec }: StoredRun): ActionMetadata {
  const { project, domain, name, version } = spec.taskTemplate?.id ?? create(TaskIdentifierSchema);
  const { shortName } = spec;
  const taskType = spec.taskTemplate?.type ?? "";
  return create(ActionMetadataSchema, {
    spec: { case: "task", value: { id: { project, domain, name, version }, taskType, shortName } },
    actionType: ActionType.TASK,
    environmentName: spec.environment?.name ?? "",
    funtionName: name,
  });
}

function status(run: StoredRun): ActionStatus {
  const last = run.reached().at(-1);
  const ended = last !== undefined && isEnd(last.phase) && last;
  return create(ActionStatusSchema, {
    phase: run.phase(),
    startTime: timeAfter(run, 0),
    attempts: 1,
    ...(ended && { endTime: timeAfter(run, ended.after), durationMs: BigInt(Math.round(ended.after)) }),
  });
}

function errorInfo(run: StoredRun): ErrorInfo | undefined {
  const message = errorOf(run);
  const kind = run.behavior.errorKind === "system" ? ErrorInfo_Kind.SYSTEM : ErrorInfo_Kind.USER;
  return message === undefined ? undefined : create(ErrorInfoSchema, { message, kind });
}

/** The open-source server gives an error to FAILED only, and a reason, if an empty one, to every ABORTED. */
function result(run: StoredRun): ActionDetails["result"] {
  const phase = run.phase();
  if (phase === ActionPhase.ABORTED) {
    const reason = run.abortReason ?? run.behavior.abortReason ?? "";
    return { case: "abortInfo", value: create(AbortInfoSchema, { reason }) };
  }
  const error = phase === ActionPhase.FAILED ? errorInfo(run) : undefined;
  return error === undefined ? { case: undefined } : { case: "errorInfo", value: error };
}

function attempt(run: StoredRun): ActionAttempt {
  const { project, domain, name } = run.id;
  const reached = run.reached();
  const { startTime, endTime } = status(run);
  const error = errorInfo(run);
  const lastTime = timeAfter(run, reached.at(-1)?.after ?? 0);
  return create(ActionAttemptSchema, {
    attempt: 1,
    phase: run.phase(),
    ...(startTime && { startTime }),
    ...(endTime && { endTime }),
    ...(error && { errorInfo: error }),
    outputs: { outputUri: `s3://flyte-data/metadata/${project}/${domain}/${name}/${rootAction}/1/outputs.pb` },
    logsAvailable: hasRun(run),
    clusterEvents: (run.behavior.events ?? []).map((message) => ({ message, occurredAt: lastTime })),
    phaseTransitions: reached.map(({ phase, after }, index) => {
      const next = reached[index + 1]?.after ?? (isEnd(phase) ? after : undefined);
      return {
        phase,
        startTime: timeAfter(run, after),
        ...(next !== undefined && { endTime: timeAfter(run, next) }),
      };
    }),
    cluster: "prod-us",
  });
}

/** Whether no executor has said anything of a run yet; then it has no attempt. */
const isUntouched = ({ behavior }: StoredRun): boolean =>
  behavior.end === "never" && behavior.stuckIn === "queued" && !behavior.events?.length;

/** A run in a list. */
export function actionOf(stored: StoredRun): Action {
  const run = stored.still();
  return create(ActionSchema, { id: { run: run.id, name: rootAction }, metadata: metadata(run), status: status(run) });
}

/** A run as the answer to its creation shows it: queued, however short its phases are. */
export function newActionOf(run: StoredRun): Action {
  const status = { phase: ActionPhase.QUEUED, startTime: timeAfter(run, 0), attempts: 1 };
  return create(ActionSchema, { id: { run: run.id, name: rootAction }, metadata: metadata(run), status });
}

/** A run's action in full. The server repeats the organization that it is asked with. */
export function actionDetailsOf(stored: StoredRun, org: RunIdentifier["org"] = ""): ActionDetails {
  const run = stored.still();
  return create(ActionDetailsSchema, {
    id: { run: { org, ...run.id }, name: rootAction },
    metadata: metadata(run),
    status: status(run),
    result: result(run),
    spec: { case: "task", value: run.spec },
    attempts: isUntouched(run) ? [] : [attempt(run)],
  });
}

/** A run's action without any error, as `GetRunDetails` gives it. */
export function withoutError(details: ActionDetails): ActionDetails {
  const copy = clone(ActionDetailsSchema, details);
  if (copy.result.case === "errorInfo") copy.result = { case: undefined };
  for (const attempt of copy.attempts) delete attempt.errorInfo;
  return copy;
}
