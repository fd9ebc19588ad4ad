import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { type Filter, Filter_Function } from "#flyteidl2/common/list_pb.js";
import type { ListTasksRequest, TaskService } from "#flyteidl2/task/task_service_pb.js";
import { pageOf } from "./paging.ts";
import { type Projects, requireActiveProject } from "./projects.ts";
import type { Registrations, StoredRegistration } from "./registrations.ts";

/** What `DeployTask` does with a version that is stored already: the open-source server replaces, Union's refuses. */
export type Existing = "replace" | "refuse";

const taskId = ({ project, domain, name, version }: StoredRegistration) => ({ project, domain, name, version });

const metadata = ({ spec, createdAt }: StoredRegistration) => ({
  shortName: spec.shortName,
  deployedAt: timestampFromDate(createdAt),
  environmentName: spec.environment?.name ?? "",
});

function nameFilter({ function: comparison, field, values }: Filter): (task: StoredRegistration) => boolean {
  const [value = ""] = values;
  if (field === "name" && comparison === Filter_Function.EQUAL) return (task) => task.name === value;
  if (field === "name" && comparison === Filter_Function.CONTAINS) return (task) => task.name.includes(value);
  throw new ConnectError(`invalid filter on ${field}`, Code.InvalidArgument);
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
  existing: Existing,
): ServiceImpl<typeof TaskService> {
  return {
    deployTask(request) {
      const { taskId: id, spec } = request;
      if (!id?.name || !id.version || !spec)
        throw new ConnectError("task id and spec are required", Code.InvalidArgument);
      requireActiveProject(projects, id.project);
      if (existing === "refuse" && registrations.get(id) !== undefined) {
        throw new ConnectError("task already exists", Code.AlreadyExists);
      }
      registrations.put(id, spec);
      return {};
    },
    getTaskDetails({ taskId: id }) {
      if (!id) throw new ConnectError("task id is required", Code.InvalidArgument);
      const found = registrations.get(id);
      if (found === undefined) {
        const wanted = [id.project, id.domain, id.name, id.version].join(" ");
        throw new ConnectError(`task not found: {${wanted}}`, Code.NotFound);
      }
      return { details: { taskId: taskId(found), metadata: metadata(found), spec: found.spec } };
    },
    listTasks(message) {
      const filters = [inScope(message), ...(message.request?.filters ?? []).map(nameFilter)];
      const tasks = registrations
        .newest()
        .filter((task) => filters.every((matches) => matches(task)))
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      const { rows, token } = pageOf(tasks, message.request);
      return {
        tasks: rows.map((task) => ({ taskId: taskId(task), metadata: metadata(task), taskSummary: {} })),
        token,
        metadata: { total: tasks.length, filteredTotal: tasks.length },
      };
    },
    listVersions({ taskName, request }) {
      if (!taskName) throw new ConnectError("task name is required", Code.InvalidArgument);
      const { rows, token } = pageOf(registrations.versions(taskName), request);
      const versions = rows.map(({ version, createdAt }) => ({ version, deployedAt: timestampFromDate(createdAt) }));
      return { versions, token };
    },
  };
}
