import type { ListRunsRequest } from "#flyteidl2/workflow/run_service_pb.js";
import { matchesAll } from "./filters.ts";
import { type Page, pageOf } from "./paging.ts";
import type { Runs, StoredRun } from "./run-store.ts";

/** The columns of the server's table that may be asked for; a phase is the number of the enum. */
const columns = ["run_name", "task_name", "phase"] as const;

const rowOf = (run: StoredRun) => ({
  run,
  run_name: run.id.name,
  task_name: run.spec.taskTemplate?.id?.name ?? "",
  phase: String(run.phase()),
});

function inScope({ scopeBy }: ListRunsRequest): (run: StoredRun) => boolean {
  if (scopeBy.case !== "projectId") return () => true;
  const { name, domain } = scopeBy.value;
  return ({ id }) => id.project === name && id.domain === domain;
}

/** One page of the runs that are asked for. */
export function listRuns(runs: Runs, message: ListRunsRequest): Page<StoredRun> {
  const isWanted = matchesAll(message.request?.filters ?? [], columns);
  const rows = runs
    .all()
    .map((run) => run.still())
    .filter(inScope(message))
    .map(rowOf)
    .filter(isWanted);
  const page = pageOf(rows, message.request, columns);
  return { rows: page.rows.map(({ run }) => run), token: page.token };
}
