import { setTimeout as delay } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { TaskIdentifierSchema, TaskNameSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { ListTasksRequest, TaskService } from "#flyteidl2/task/task_service_pb.js";
import { matchesAll } from "./filters.ts";
import { pageOf } from "./paging.ts";
import { type Projects, requireProject } from "./projects.ts";
import { idText, type Registrations, type StoredRegistration } from "./registrations.ts";
import { serverTime } from "./times.ts";
import { requireCron } from "./triggers.ts";

/** What `DeployTask` does with a version that is stored already: the open-source server replaces, Union's refuses. */
export type Existing = "replace" | "refuse";

/** How a server of tasks differs from the recorded one. */
export interface TaskServiceOptions {
  readonly existing: Existing;
  /** `ListVersions` gives every version, whatever is asked for. */
  readonly ignoresVersionFilters: boolean;
  /** What `ListTasks` takes longer for each 1,000 stored registrations. */
  readonly lookupMsPerThousand: number;
  /** Told of each registration that `DeployTask` has stored, before it answers. */
  readonly onDeployed: (stored: StoredRegistration) => void;
}

const taskColumns = ["project", "domain", "name", "version"] as const;
const versionColumns = ["version"] as const;

const deployedAt = ({ createdAt }: StoredRegistration) => serverTime(createdAt, 36_000);

const taskId = ({ project, domain, name, version }: StoredRegistration) => ({ project, domain, name, version });

/** The name without its environment; the spec's own `shortName` is not asked. */
function shortName(name: string, environment: string): string {
  const prefix = `${environment}.`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name.slice(name.lastIndexOf(".") + 1);
}

function metadata(registration: StoredRegistration) {
  const environmentName = registration.spec.environment?.name ?? "";
  return {
    shortName: shortName(registration.name, environmentName),
    deployedAt: deployedAt(registration),
    environmentName,
  };
}

function inScope({ scopeBy }: ListTasksRequest): (task: StoredRegistration) => boolean {
  if (scopeBy.case !== "projectId") return () => true;
  const { name, domain } = scopeBy.value;
  return (task) => task.project === name && task.domain === domain;
}

/** `TaskService` over a store of registrations. */
export function taskService(
  registrations: Registrations,
  projects: Projects,
  { existing, ignoresVersionFilters, lookupMsPerThousand, onDeployed }: TaskServiceOptions,
): ServiceImpl<typeof TaskService> {
  return {
    deployTask({ taskId: id = create(TaskIdentifierSchema), spec, triggers }) {
      requireProject(projects, id.project);
      triggers.forEach(requireCron);
      if (spec === undefined) throw new ConnectError("proto: Marshal called with nil", Code.Internal);
      if (existing === "refuse" && registrations.get(id) !== undefined) {
        throw new ConnectError("task already exists", Code.AlreadyExists);
      }
      onDeployed(registrations.put(id, spec));
      return {};
    },
    getTaskDetails({ taskId: id = create(TaskIdentifierSchema) }) {
      const found = registrations.get(id);
      if (found === undefined) throw new ConnectError(`task not found: ${idText(id)}`, Code.NotFound);
      return { details: { taskId: taskId(found), metadata: metadata(found), spec: found.spec } };
    },
    async listTasks(message) {
      const lookupMs = (registrations.count() / 1000) * lookupMsPerThousand;
      if (lookupMs > 0) await delay(lookupMs, undefined, { ref: false });
      const isInScope = inScope(message);
      const isWanted = matchesAll(message.request?.filters ?? [], taskColumns);
      const tasks = registrations
        .newest((task) => isInScope(task) && isWanted(task))
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const { rows, token } = pageOf(tasks, message.request, taskColumns);
      const totals = { total: registrations.newest(isInScope).length, filteredTotal: tasks.length };
      return {
        tasks: rows.map((task) => ({ taskId: taskId(task), metadata: metadata(task), taskSummary: {} })),
        token,
        // The database gives the totals with each row, so where there is no row there are no totals.
        metadata: rows.length > 0 ? totals : {},
      };
    },
    listVersions({ taskName = create(TaskNameSchema), request }) {
      const isWanted = matchesAll(ignoresVersionFilters ? [] : (request?.filters ?? []), versionColumns);
      const { rows, token } = pageOf(registrations.versions(taskName).filter(isWanted), request, versionColumns);
      return { versions: rows.map((row) => ({ version: row.version, deployedAt: deployedAt(row) })), token };
    },
  };
}
