// The least that a program with the Connect client does for the same two requests as a run that finds nothing to do: no
// settings, no definition, no retries. bench/registration.ts bundles it as the program is bundled, and runs both.
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";

const [baseUrl = ""] = process.argv.slice(2);
const client = createClient(TaskService, createConnectTransport({ baseUrl, httpVersion: "1.1" }));
const { tasks } = await client.listTasks({
  scopeBy: { case: "projectId", value: { organization: "acme", domain: "production", name: "system" } },
  request: {
    limit: 1,
    sortBy: { key: "created_at", direction: Sort_Direction.DESCENDING },
    filters: [{ function: Filter_Function.EQUAL, field: "name", values: ["build-image"] }],
  },
});
const [task] = tasks;
if (task?.taskId) await client.getTaskDetails({ taskId: task.taskId });
process.exit(task ? 0 : 1);
