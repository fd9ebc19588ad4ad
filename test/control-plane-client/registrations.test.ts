import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { Filter_Function, type ListRequest, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { registrationsOf } from "../../src/control-plane/registrations.ts";
import { startControlPlane } from "../control-plane/start.ts";
import { failureOf, methods, openSession, scope, sessionOver, targetOf } from "./sessions.ts";

const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe("the current registration", () => {
  test("is the newest by its time of creation, and not the highest version", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.9.9", createdAt: at(1) });
    plane.store({ version: "2026.1.1", createdAt: at(3) });
    plane.store({ version: "2026.5.5", createdAt: at(2) });
    using client = openSession(targetOf(plane));
    expect(await client.look()).toBe("2026.1.1");
    expect(methods(plane)).toEqual(["TaskService/ListTasks", "TaskService/GetTaskDetails"]);
  });

  test("keeps its place when a version is replaced, as the recorded server does", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "A", createdAt: at(1) });
    plane.store({ version: "B", createdAt: at(2) });
    plane.store({ version: "A" });
    using client = openSession(targetOf(plane));
    expect(await client.look()).toBe("B");
  });

  test("is none where there is none, or only of another task, project or domain", async () => {
    await using plane = await startControlPlane();
    using client = openSession(targetOf(plane));
    expect(await client.look()).toBeUndefined();
    plane.store({ version: "1", name: "build-image-2" });
    plane.store({ version: "1", project: "flytesnacks" });
    plane.store({ version: "1", domain: "development" });
    expect(await client.look()).toBeUndefined();
    plane.store({ version: "2", createdAt: at(1) });
    expect(await client.look()).toBe("2");
  });

  test("comes with its spec and its time", async () => {
    await using plane = await startControlPlane();
    const { spec } = plane.store({ version: "2026.3.4", createdAt: at(7) });
    using client = openSession(targetOf(plane));
    const details = await registrationsOf(client.session, scope).current();
    expect(details?.spec).toEqual(spec);
    expect(details?.metadata?.deployedAt?.seconds).toBe(BigInt(at(7).getTime() / 1000));
  });

  test("that is gone between the two requests is none", async () => {
    const session = sessionOver(({ service }) =>
      service(TaskService, {
        listTasks: () => ({ tasks: [{ taskId: { name: "build-image", version: "2026.3.4" } }] }),
        getTaskDetails: () => Promise.reject(new ConnectError("task not found", Code.NotFound)),
      }),
    );
    expect(await registrationsOf(session, scope).current()).toBeUndefined();
  });

  test("that may not be read says what may not be read, and where", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    await plane.setFault({ kind: "permission-denied", methods: ["TaskService/GetTaskDetails"] });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.look());
    expect(error.finding.what).toContain("may not read tasks in system/production");
  });
});

describe("a version", () => {
  test("is found by its name, or is not there", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    using client = openSession(targetOf(plane));
    const registrations = registrationsOf(client.session, scope);
    expect((await registrations.version("2026.3.4"))?.taskId?.version).toBe("2026.3.4");
    expect(await registrations.version("2026.3.5")).toBeUndefined();
  });
});

describe("the newest versions", () => {
  test("come newest first, as many as asked for", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "a", createdAt: at(2) });
    plane.store({ version: "b", createdAt: at(3) });
    plane.store({ version: "c", createdAt: at(1) });
    using client = openSession(targetOf(plane));
    const registrations = registrationsOf(client.session, scope);
    expect(await registrations.newest(2)).toEqual([
      { version: "b", registeredAt: at(3) },
      { version: "a", registeredAt: at(2) },
    ]);
    expect(await registrations.newest(9)).toHaveLength(3);
  });

  test("are none where nothing is registered", async () => {
    await using plane = await startControlPlane();
    using client = openSession(targetOf(plane));
    expect(await registrationsOf(client.session, scope).newest(5)).toEqual([]);
  });
});

test("the server is asked for no more rows than are needed, the newest first, as the SDK asks", async () => {
  const asked: (ListRequest | undefined)[] = [];
  const session = sessionOver(({ service }) =>
    service(TaskService, {
      listTasks: ({ request }) => {
        asked.push(request);
        return {};
      },
      listVersions: ({ request }) => {
        asked.push(request);
        return {};
      },
    }),
  );
  const registrations = registrationsOf(session, scope);
  await registrations.current();
  await registrations.newest(5);
  const sortBy = { key: "created_at", direction: Sort_Direction.DESCENDING };
  const filters = [{ function: Filter_Function.EQUAL, field: "name", values: ["build-image"] }];
  expect(asked).toMatchObject([
    { limit: 1, sortBy, filters },
    { limit: 5, sortBy, filters: [] },
  ]);
});

test("10,000 registrations cost as many requests, of as many rows, as 10", async () => {
  const read = async (count: number) => {
    await using plane = await startControlPlane({ registrations: count });
    using client = openSession(targetOf(plane));
    const registrations = registrationsOf(client.session, scope);
    const current = (await registrations.current())?.taskId?.version;
    const newest = await registrations.newest(5);
    return { requests: methods(plane), rows: newest.length, isNewest: newest[0]?.version === current };
  };
  const [few, many] = [await read(10), await read(10_000)];
  expect(many).toEqual(few);
  expect(few).toMatchObject({ rows: 5, isNewest: true });
});
