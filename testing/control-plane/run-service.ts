import { setTimeout as delay } from "node:timers/promises";
import { clone, create } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import { type RunIdentifier, RunIdentifierSchema } from "#flyteidl2/common/identifier_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { RawDataStorageSchema, RunSpecSchema } from "#flyteidl2/task/run_pb.js";
import type { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { actionDetailsOf, actionOf, newActionOf, withoutError } from "./action-details.ts";
import type { Behaviors } from "./behaviors.ts";
import { connectionKey } from "./connection.ts";
import type { Executions } from "./executions.ts";
import type { InputStore } from "./input-store.ts";
import { type Projects, requireProject } from "./projects.ts";
import type { Registrations } from "./registrations.ts";
import { requestedInputs, requestedRun, requestedSpec } from "./run-creation.ts";
import { listRuns } from "./run-listing.ts";
import { isEnd } from "./run-script.ts";
import type { Runs, StoredRun } from "./run-store.ts";

/** What runs are made of. */
export interface RunServiceParts {
  readonly runs: Runs;
  readonly behaviors: Behaviors;
  readonly executions: Executions;
  readonly uploadedInputs: InputStore;
  readonly registrations: Registrations;
  readonly projects: Projects;
}

/** The run of an id, or the error that the server answers. */
export function requireRun(runs: Runs, id: RunIdentifier = create(RunIdentifierSchema)): StoredRun {
  const run = runs.get(id);
  if (run !== undefined) return run;
  throw new ConnectError(`run not found: ${id.project}/${id.domain}/${id.name}`, Code.NotFound);
}

function loseAnswer(lostAs: "unavailable" | "cut", context: HandlerContext): never {
  if (lostAs === "cut") context.values.get(connectionKey)();
  throw new ConnectError("upstream connect error or disconnect/reset before headers", Code.Unavailable);
}

/** `RunService`, as far as builds need it. */
export function runService(parts: RunServiceParts): Partial<ServiceImpl<typeof RunService>> {
  const { runs, behaviors, executions, uploadedInputs, registrations, projects } = parts;
  return {
    async createRun(request, context) {
      const behavior = behaviors.current();
      const { delayMilliseconds = 0, lostAs = "unavailable", existing = "answer" } = behavior.createRun ?? {};
      const id = requestedRun(request);
      requireProject(projects, id.project);
      const spec = requestedSpec(request, registrations);
      const known = runs.get(id);
      if (known !== undefined && existing === "refuse")
        throw new ConnectError("run already exists", Code.AlreadyExists);
      const inputs = requestedInputs(request, uploadedInputs);
      const run = known ?? runs.add({ id, request, spec, inputs, behavior });
      if (known === undefined) executions.start(run);
      const action = known === undefined ? newActionOf(run) : actionOf(run);
      if (behaviors.losesAnswer()) loseAnswer(lostAs, context);
      if (delayMilliseconds > 0) await delay(delayMilliseconds, undefined, { ref: false });
      return { run: { action } };
    },
    abortRun({ runId, reason = "User requested abort" }) {
      const run = requireRun(runs, runId);
      run.end(ActionPhase.ABORTED);
      if (run.phase() === ActionPhase.ABORTED) run.abortReason = reason;
      run.aborted.abort();
      return {};
    },
    getRunDetails({ runId }) {
      const run = requireRun(runs, runId);
      const runSpec = clone(RunSpecSchema, run.request.runSpec ?? create(RunSpecSchema));
      runSpec.rawDataStorage ??= create(RawDataStorageSchema, { rawDataPrefix: "s3://flyte-data" });
      return { details: { runSpec, action: withoutError(actionDetailsOf(run, runId?.org)) } };
    },
    getActionDetails({ actionId }) {
      const details = actionDetailsOf(requireRun(runs, actionId?.run), actionId?.run?.org);
      const isLate = details.result.case === "errorInfo" && behaviors.isErrorLate();
      return { details: isLate ? withoutError(details) : details };
    },
    async *watchActionDetails({ actionId }, { signal }) {
      const run = requireRun(runs, actionId?.run);
      let seen: ActionPhase | undefined;
      while (!signal.aborted) {
        const still = run.still();
        const phase = still.phase();
        if (phase !== seen) yield { details: actionDetailsOf(still, actionId?.run?.org) };
        if (isEnd(phase) || behaviors.current().cutStreams) return;
        seen = phase;
        await run.changed(still.version(), signal);
      }
    },
    listRuns(message) {
      const { rows, token } = listRuns(runs, message);
      return { runs: rows.map((run) => ({ action: actionOf(run) })), token };
    },
  };
}
