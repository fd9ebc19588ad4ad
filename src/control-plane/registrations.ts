import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import type { TaskDetails, TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { describeCause } from "../findings/describe-cause.ts";
import { problem } from "../findings/registrar-error.ts";
import { secretValues } from "../settings/secret-values.ts";
import { scopeName, type TaskScope, taskName } from "../settings/task-scope.ts";
import { answerOf } from "./rpc-answer.ts";
import type { Session } from "./session.ts";

/** The server's answer to a write. The caller reads the registration back before it trusts it. */
export type DeployOutcome = "registered" | "already there";

/** The registrations of one scope. The number of requests does not depend on how many there are. */
export interface Registrations {
  /**
   * Looks up the current registration as the SDK does: `ListTasks` (this name, newest `created_at` first, one row), then
   * `GetTaskDetails`. Source: flyte/remote/_task.py of 2.12.1, `auto_version="latest"`.
   * @throws {RegistrarError} lookup-contradicts: a version is listed, but its details are not found in any attempt
   */
  current(): Promise<TaskDetails | undefined>;
  /**
   * Whether a version of this name exists.
   * @throws {RegistrarError} lookup-contradicts
   */
  isTaken(version: string): Promise<boolean>;
  /** The newest versions, newest first, at most `limit`. */
  newest(limit: number): Promise<{ version: string; registeredAt: Date | undefined }[]>;
  /**
   * Registers a spec by `DeployTask`, in one attempt: before another one, the caller checks whether it is still needed. A
   * server may replace a version that exists or refuse it as existing; neither is a failure, since it is read back.
   */
  deploy(version: string, spec: TaskSpec): Promise<DeployOutcome>;
}

/**
 * Characters of all values with names of secrets in one registration: more than any pod has. One with more could take all memory, so
 * it counts as one without a spec, of which nothing is shown and which is never the wanted one.
 */
const mostSecretCharacters = 32_768;

/** Reads and writes the registrations of task `build-image` in a scope, over a session. */
export function registrationsOf(session: Session, { org, project, domain }: TaskScope): Registrations {
  const scope = scopeName({ project, domain });
  const request = `read tasks in ${scope}`;
  const newestFirst = { key: "created_at", direction: Sort_Direction.DESCENDING };
  const taskIdOf = (version: string) => ({ org, project, domain, name: taskName, version });

  return {
    current: () =>
      session.call(request, async (transport, options) => {
        const client = createClient(TaskService, transport);
        const { tasks } = await client.listTasks(
          {
            scopeBy: { case: "projectId", value: { organization: org, domain, name: project } },
            request: {
              limit: 1,
              sortBy: newestFirst,
              filters: [{ function: Filter_Function.EQUAL, field: "name", values: [taskName] }],
            },
          },
          options,
        );
        const version = tasks[0]?.taskId?.version;
        if (version === undefined) return undefined;
        try {
          const { details } = await client.getTaskDetails({ taskId: taskIdOf(version) }, options);
          // Fields that differ from ours are shown, and others may have registered secrets in them.
          const secrets = secretValues(details?.spec);
          if (details && secrets.join("").length > mostSecretCharacters) delete details.spec;
          else secrets.forEach(session.protect);
          return details;
        } catch (error) {
          if (answerOf(error) === "not-found") throw problem("lookup-contradicts", { scope, version }, error);
          throw error;
        }
      }),
    isTaken: (version) =>
      session.call(request, async (transport, options) => {
        const filters = [{ function: Filter_Function.EQUAL, field: "version", values: [version] }];
        const { versions } = await createClient(TaskService, transport).listVersions(
          { taskName: { org, project, domain, name: taskName }, request: { limit: 1, filters } },
          options,
        );
        const [found] = versions;
        if (found === undefined) return false;
        return found.version === version || (await hasDetails(taskIdOf(version), transport, options));
      }),
    newest: (limit) =>
      session.call(request, async (transport, options) => {
        const { versions } = await createClient(TaskService, transport).listVersions(
          { taskName: { org, project, domain, name: taskName }, request: { limit, sortBy: newestFirst } },
          options,
        );
        return versions
          .map((row) => ({ version: row.version, registeredAt: row.deployedAt && timestampDate(row.deployedAt) }))
          .sort((a, b) => (b.registeredAt?.getTime() ?? 0) - (a.registeredAt?.getTime() ?? 0))
          .slice(0, limit);
      }),
    deploy: (version, spec) =>
      session.callOnce(`register tasks in ${scope}`, async (transport, options) => {
        try {
          await createClient(TaskService, transport).deployTask({ taskId: taskIdOf(version), spec }, options);
          return "registered";
        } catch (error) {
          if (answerOf(error) === "already-exists") return "already there";
          throw error;
        }
      }),
  };
}

/**
 * Whether a version exists, for servers that ignore the filter and list others. The open source server answers "not found"
 * to any failure, so only its message for an absent task counts as absent.
 */
async function hasDetails(taskId: TaskScope & { version: string }, transport: Transport, options: CallOptions) {
  try {
    await createClient(TaskService, transport).getTaskDetails({ taskId: { ...taskId, name: taskName } }, options);
    return true;
  } catch (error) {
    if (answerOf(error) !== "not-found") throw error;
    if (/task not found/.test(describeCause(error))) return false;
    throw problem("lookup-contradicts", { scope: scopeName(taskId), version: taskId.version }, error);
  }
}
