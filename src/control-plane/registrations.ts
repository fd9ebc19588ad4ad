import { timestampDate } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import type { TaskDetails } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { secretValues } from "../settings/secret-values.ts";
import { answerOf } from "./failures.ts";
import type { Session } from "./session.ts";

/** Where the task lives. */
export interface TaskScope {
  org: string;
  project: string;
  domain: string;
}

/** The one task that this program is about. */
export const taskName = "build-image";

/** Reads of the registrations. None of them costs more where there are more registrations. */
export interface Registrations {
  /**
   * The current registration, by the look-up that the SDK does: `ListTasks` (this name, newest `created_at` first, one
   * row), then `GetTaskDetails`. Source: flyte/remote/_task.py of 2.12.1, `auto_version="latest"`.
   */
  current(): Promise<TaskDetails | undefined>;
  /** One version's details, or nothing where it does not exist. */
  version(version: string): Promise<TaskDetails | undefined>;
  /** The newest versions, newest first, at most `limit`. */
  newest(limit: number): Promise<{ version: string; registeredAt: Date | undefined }[]>;
}

/** The reads of task `build-image` in a scope, over a session. */
export function registrationsOf(session: Session, { org, project, domain }: TaskScope): Registrations {
  const request = `read tasks in ${project}/${domain}`;
  const newestFirst = { key: "created_at", direction: Sort_Direction.DESCENDING };

  const version = (wanted: string) =>
    session.call(request, async (transport, options) => {
      const taskId = { org, project, domain, name: taskName, version: wanted };
      try {
        const { details } = await createClient(TaskService, transport).getTaskDetails({ taskId }, options);
        // Others register too, and where a definition differs from ours, its fields are shown.
        for (const secret of secretValues(details?.spec?.taskTemplate?.target.value)) session.protect(secret);
        return details;
      } catch (error) {
        if (answerOf(error) === "not-found") return undefined;
        throw error;
      }
    });

  return {
    version,
    async current() {
      const task = await session.call(request, async (transport, options) => {
        const response = await createClient(TaskService, transport).listTasks(
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
        return response.tasks[0];
      });
      return task?.taskId && version(task.taskId.version);
    },
    newest: (limit) =>
      session.call(request, async (transport, options) => {
        const name = { org, project, domain, name: taskName };
        const { versions } = await createClient(TaskService, transport).listVersions(
          { taskName: name, request: { limit, sortBy: newestFirst } },
          options,
        );
        return versions
          .map((row) => ({ version: row.version, registeredAt: row.deployedAt && timestampDate(row.deployedAt) }))
          .sort((a, b) => (b.registeredAt?.getTime() ?? 0) - (a.registeredAt?.getTime() ?? 0))
          .slice(0, limit);
      }),
  };
}
