import { toJson } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { ProjectState } from "#flyteidl2/project/project_service_pb.js";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { recordedDeployTask } from "../../testing/control-plane/recorded-spec.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const project = { name: "system", domain: "production" };
const taskName = { project: "system", domain: "production", name: "build-image" };
const scheduled = (cronExpression: string) => ({
  name: "probe",
  automationSpec: {
    automation: {
      case: "schedule" as const,
      value: { expression: { case: "cronExpression" as const, value: cronExpression } },
    },
  },
});
const descending = { key: "created_at", direction: Sort_Direction.DESCENDING };

let plane: ControlPlane;
beforeEach(async () => {
  plane = await startControlPlane();
});
afterEach(() => plane.stop());

const tasks = (to = plane) => connectTo(TaskService, to);
const named = (name: string) => [{ function: Filter_Function.EQUAL, field: "name", values: [name] }];

/** The SDK's own lookup: the newest version of build-image. */
async function latest(): Promise<string | undefined> {
  const request = { filters: named("build-image"), sortBy: descending, limit: 1 };
  const answer = await tasks().listTasks({ scopeBy: { case: "projectId", value: project }, request });
  return answer.tasks[0]?.taskId?.version;
}

describe("DeployTask", () => {
  test("stores the spec, which GetTaskDetails returns", async () => {
    const request = recordedDeployTask("1");
    await tasks().deployTask(request);
    const { details } = await tasks().getTaskDetails({ taskId: { ...taskName, version: "1" } });
    expect(details?.taskId).toMatchObject({ ...taskName, version: "1", org: "" });
    expect(details?.metadata).toMatchObject({ shortName: "build-image", environmentName: "build_image_task" });
    expect(details?.spec && toJson(TaskSpecSchema, details.spec)).toEqual(
      request.spec && toJson(TaskSpecSchema, request.spec),
    );
  });

  test("of a stored version replaces the spec and keeps created_at, so the latest stays the latest", async () => {
    const { createdAt } = plane.store({ version: "A" });
    plane.store({ version: "B" });
    const changed = recordedDeployTask("A");
    if (changed.spec) changed.spec.shortName = "changed";
    await tasks().deployTask(changed);
    expect(plane.registrations()[0]).toMatchObject({ version: "A", createdAt, spec: { shortName: "changed" } });
    expect(await latest()).toBe("B");
    await tasks().deployTask(recordedDeployTask("A-r1"));
    expect(await latest()).toBe("A-r1");
  });

  test("of a stored version is refused by a server that refuses it", async () => {
    await using refusing = await startControlPlane({ existing: "refuse" });
    const stored = refusing.store({ version: "A" });
    await expect(tasks(refusing).deployTask(recordedDeployTask("A"))).rejects.toMatchObject({
      code: Code.AlreadyExists,
    });
    expect(refusing.registrations()).toEqual([stored]);
  });

  test("that is refused stores nothing: for its project, then its triggers, then its spec", async () => {
    const refused = { taskId: { ...taskName, version: "1" }, triggers: [scheduled("refuse this")] };
    const deploy = () => tasks().deployTask(refused);
    plane.projects.setState("system", undefined);
    await expect(deploy()).rejects.toMatchObject({ code: Code.NotFound });
    plane.projects.setState("system", ProjectState.ACTIVE);
    await expect(deploy()).rejects.toMatchObject({ code: Code.InvalidArgument });
    refused.triggers = [];
    await expect(deploy()).rejects.toMatchObject({ code: Code.Internal });
    expect(plane.registrations()).toEqual([]);
  });

  test.each(["0 4 * * 1", " 0  4 * * 1 ", "@daily"])("takes a trigger of cron expression %j", async (expression) => {
    await tasks().deployTask({ taskId: { ...taskName, version: "1" }, spec: {}, triggers: [scheduled(expression)] });
    expect(plane.registrations()).toHaveLength(1);
  });

  test("gives each new version a later created_at, even when the clock stands still", async () => {
    await using still = await startControlPlane({ now: () => new Date(0) });
    for (const version of ["1", "2", "3"]) await tasks(still).deployTask(recordedDeployTask(version));
    expect(still.registrations().map(({ version, createdAt }) => [version, createdAt.getTime()])).toEqual([
      ["1", 0],
      ["2", 1],
      ["3", 2],
    ]);
  });
});

describe("GetTaskDetails", () => {
  test("names a missing version as recorded", async () => {
    await expect(tasks().getTaskDetails({ taskId: { ...taskName, version: "9" } })).rejects.toMatchObject({
      code: Code.NotFound,
      rawMessage: "task not found: {system production build-image 9}",
    });
  });
});
