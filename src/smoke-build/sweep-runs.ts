import { createClient } from "@connectrpc/connect";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { RegistrarError } from "../findings/registrar-error.ts";
import { abortRun } from "./abort-run.ts";
import { type BuildContext, projectIdOf } from "./build-context.ts";
import type { BuildRequests } from "./build-requests.ts";
import { runPrefix } from "./run-name.ts";
import { isEnd } from "./run-state.ts";

/** Runs that are looked at; those of one owner, newest first. */
const mostRuns = 100;

/**
 * Aborts the runs of this owner that are still going: their program was killed, or is about to be replaced by this one. Of two
 * builds of one Helm release the later counts.
 * @returns the names of the aborted runs
 * @throws {RegistrarError} those of `ask`
 */
export async function sweepRuns(context: BuildContext, requests: BuildRequests): Promise<string[]> {
  const { session, owner, clock, run } = context;
  const prefix = runPrefix(owner);
  const runs = await listRuns(context, requests, prefix);
  const left = runs.filter(({ name, phase }) => name.startsWith(prefix) && !isEnd(phase));
  for (const { name } of left) {
    await abortRun(session, { ...run, name }, `a later build of ${owner} has begun`, clock, false);
  }
  return left.map(({ name }) => name);
}

/** The owner's runs; all newest ones from a server that does not filter by the name. */
async function listRuns(context: BuildContext, requests: BuildRequests, prefix: string) {
  const scopeBy = { case: "projectId" as const, value: projectIdOf(context) };
  const sortBy = { key: "created_at", direction: Sort_Direction.DESCENDING };
  const byName = { function: Filter_Function.CONTAINS, field: "run_name", values: [prefix] };
  const list = async (filters: readonly (typeof byName)[]) => {
    const { runs } = await requests.ask(undefined, (transport, options) =>
      createClient(RunService, transport).listRuns(
        { scopeBy, request: { limit: mostRuns, sortBy, filters: [...filters] } },
        options,
      ),
    );
    return runs.map(({ action }) => ({
      name: action?.id?.run?.name ?? "",
      phase: action?.status?.phase ?? ActionPhase.UNSPECIFIED,
    }));
  };
  try {
    return await list([byName]);
  } catch (error) {
    const isRejected = error instanceof RegistrarError && error.code === "control-plane-rejected";
    if (!isRejected) throw error;
    return list([]);
  }
}
