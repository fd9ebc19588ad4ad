import { toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Filter_Function, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { recordedDeployTask } from "../../testing/control-plane/recorded-spec.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const project = { name: "system", domain: "production" };
const taskName = { project: "system", domain: "production", name: "build-image" };

let plane: ControlPlane;
beforeEach(async () => {
  plane = await startControlPlane();
});
afterEach(() => plane.stop());

const tasks = (to = plane) => connectTo(TaskService, to);
const named = (name: string) => [{ function: Filter_Function.EQUAL, field: "name", values: [name] }];

describe("ListTasks", () => {
  test("gives one row per name: the newest by created_at, not the highest version", async () => {
    plane.store({ version: "10", createdAt: new Date("2020-01-01") });
    plane.store({ version: "9", createdAt: new Date("2022-01-01") });
    plane.store({ version: "11", createdAt: new Date("2021-01-01") });
    plane.store({ name: "other", version: "1", createdAt: new Date("2019-01-01") });
    const rows = async (direction: Sort_Direction) => {
      const answer = await tasks().listTasks({ request: { sortBy: { key: "created_at", direction } } });
      return answer.tasks.map(({ taskId }) => `${taskId?.name} ${taskId?.version}`);
    };
    expect(await rows(Sort_Direction.DESCENDING)).toEqual(["build-image 9", "other 1"]);
    expect(await rows(Sort_Direction.ASCENDING)).toEqual(["other 1", "build-image 9"]);
  });

  test("keeps to the scope and the name filter", async () => {
    plane.store({ version: "1" });
    plane.store({ version: "2", domain: "development" });
    plane.store({ version: "3", name: "build-image-2" });
    const found = async (name: string) => {
      const scopeBy = { case: "projectId" as const, value: project };
      const answer = await tasks().listTasks({ scopeBy, request: { filters: named(name) } });
      return answer.tasks.map(({ taskId }) => taskId?.version);
    };
    expect(await found("build-image")).toEqual(["1"]);
    expect(await found("build-image-2")).toEqual(["3"]);
    expect(await found("build")).toEqual([]);
  });

  test("gives the newest of the versions that pass the filter, and no totals beyond the last row", async () => {
    for (const version of ["1", "2", "3"]) plane.store({ version });
    const filters = [{ function: Filter_Function.VALUE_IN, field: "version", values: ["1", "2"] }];
    const list = (token: string) => tasks().listTasks({ request: { filters, token } });
    const answer = await list("");
    expect(answer.tasks.map(({ taskId }) => taskId?.version)).toEqual(["2"]);
    expect(answer.metadata).toMatchObject({ total: 1, filteredTotal: 1 });
    expect((await list("1")).metadata).toMatchObject({ total: 0, filteredTotal: 0 });
  });

  test("names a task without its environment", async () => {
    for (const name of ["build_image_task.build.image", "other.build-image"]) plane.store({ name, version: "1" });
    const answer = await tasks().listTasks({
      request: { sortBy: { key: "name", direction: Sort_Direction.ASCENDING } },
    });
    expect(answer.tasks.map(({ metadata }) => metadata?.shortName)).toEqual(["build.image", "build-image"]);
  });

  test("takes as much longer as there are registrations, when told so", async () => {
    await using slow = await startControlPlane({ registrations: 20, lookupMsPerThousand: 2000 });
    const start = performance.now();
    await tasks(slow).listTasks({});
    expect(performance.now() - start).toBeGreaterThanOrEqual(39);
  });

  test("refuses a limit, a sort field, a token and a filter that it does not know", async () => {
    const list = (request: object) => tasks().listTasks({ request });
    const invalid = { code: Code.InvalidArgument };
    await expect(list({ limit: 201 })).rejects.toMatchObject(invalid);
    await expect(list({ sortBy: { key: "nonsense" } })).rejects.toMatchObject(invalid);
    await expect(list({ token: "nonsense" })).rejects.toMatchObject(invalid);
    const filters = [{ function: Filter_Function.GREATER_THAN, field: "name", values: ["a"] }];
    await expect(list({ filters })).rejects.toMatchObject(invalid);
  });
});

describe("ListVersions", () => {
  test("gives the time of each version", async () => {
    const createdAt = new Date("2026-11-24T00:49:20.670Z");
    plane.store({ version: "1", createdAt });
    const { versions } = await tasks().listVersions({ taskName });
    expect(versions.map(({ version, deployedAt }) => [version, deployedAt && timestampDate(deployedAt)])).toEqual([
      ["1", createdAt],
    ]);
  });

  test("honours filters, unless told to be a server that does not", async () => {
    await using older = await startControlPlane({ ignoresVersionFilters: true });
    const versions = async (of: ControlPlane) => {
      for (const version of ["1", "2"]) of.store({ version });
      const filters = [{ function: Filter_Function.EQUAL, field: "version", values: ["1"] }];
      const answer = await tasks(of).listVersions({ taskName, request: { filters } });
      return answer.versions.map(({ version }) => version);
    };
    expect(await versions(plane)).toEqual(["1"]);
    expect(await versions(older)).toEqual(["2", "1"]);
    await expect(tasks().listVersions({ taskName, request: { filters: named("1") } })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  });

  test("of an unknown task gives none", async () => {
    expect((await tasks().listVersions({ taskName })).versions).toEqual([]);
  });

  test("pages together give every version once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(Sort_Direction.ASCENDING, Sort_Direction.DESCENDING),
        async (registrations, limit, direction) => {
          await using seeded = await startControlPlane({ registrations });
          const listed: string[] = [];
          let token = "";
          do {
            const request = { limit, token, sortBy: { key: "created_at", direction } };
            const page = await tasks(seeded).listVersions({ taskName, request });
            listed.push(...page.versions.map(({ version }) => version));
            token = page.token;
          } while (token !== "");
          const oldestFirst = seeded.registrations().map(({ version }) => version);
          expect(listed).toEqual(direction === Sort_Direction.ASCENDING ? oldestFirst : oldestFirst.reverse());
        },
      ),
      { numRuns: 25 },
    );
  });
});

test("ten thousand seeded registrations are old, unsigned, and found by the newest first", async () => {
  await using seeded = await startControlPlane({ registrations: 10_000 });
  const { versions } = await tasks(seeded).listVersions({ taskName, request: { limit: 2 } });
  expect(versions.map(({ version }) => version)).toEqual(["2020.10.999", "2020.10.998"]);
  expect(versions.every(({ deployedAt }) => deployedAt && timestampDate(deployedAt).getFullYear() === 2020)).toBe(true);
  const { details } = await tasks(seeded).getTaskDetails({ taskId: { ...taskName, version: "2020.10.999" } });
  expect(details?.spec && toJson(TaskSpecSchema, details.spec)).toEqual(
    toJson(TaskSpecSchema, recordedDeployTask("2020.10.999").spec ?? expect.fail()),
  );
  expect(seeded.registrations()).toHaveLength(10_000);
});
