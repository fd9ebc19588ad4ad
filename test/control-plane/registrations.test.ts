import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { Filter_Function, type ListRequest, Sort_Direction } from "#flyteidl2/common/list_pb.js";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { registrationsOf } from "../../src/control-plane/registrations.ts";
import { BUILD_IMAGE } from "../../testing/control-plane/seeds.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
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

  test("whose details are not found is asked for again: a server says so where its database fails", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    const contradiction = { kind: "database-away", methods: ["TaskService/GetTaskDetails"] } as const;
    await plane.setFault({ ...contradiction, times: 2 });
    using client = openSession(targetOf(plane));
    expect(await client.look()).toBe("2026.3.4");
    // The whole lookup, since the listed version may be gone.
    expect(methods(plane)).toEqual(Array(3).fill(["TaskService/ListTasks", "TaskService/GetTaskDetails"]).flat());
    await plane.setFault(contradiction);
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "lookup-contradicts", exit: 3, transient: true });
    expect(described(error).what).toContain("2026.3.4");
    expect(error.finding.why).toContain("failed to get task");
  });

  test("that may not be read says what may not be read, and where", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    await plane.setFault({ kind: "permission-denied", methods: ["TaskService/GetTaskDetails"] });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.look());
    expect(described(error).what).toContain("may not read tasks in system/production");
  });
});

describe.each([{}, { ignoresVersionFilters: true }])("the name of a version, on a server with %j", (options) => {
  test("is taken or free", async () => {
    await using plane = await startControlPlane(options);
    using client = openSession(targetOf(plane));
    const { isTaken } = registrationsOf(client.session, scope);
    expect(await isTaken("2026.3.4")).toBe(false);
    plane.store({ version: "2026.3.4", createdAt: at(1) });
    plane.store({ version: "2026.3.5", createdAt: at(2) });
    expect(await Promise.all(["2026.3.4", "2026.3.5", "2026.3.6"].map(isTaken))).toEqual([true, true, false]);
  });

  test("is never free because the server's database fails", async () => {
    await using plane = await startControlPlane(options);
    plane.store({ version: "2026.3.5" });
    using client = openSession(targetOf(plane));
    const { isTaken } = registrationsOf(client.session, scope);
    await plane.setFault({ kind: "database-away", methods: ["TaskService/GetTaskDetails"] });
    if (options.ignoresVersionFilters) {
      expect(await failureOf(isTaken("2026.3.4"))).toMatchObject({ code: "lookup-contradicts" });
    } else expect(await isTaken("2026.3.4")).toBe(false);
    await plane.setFault({ kind: "database-away" });
    expect(await failureOf(isTaken("2026.3.4"))).toMatchObject({ code: "control-plane-failed" });
  });
});

describe("a write", () => {
  const spec = create(TaskSpecSchema, { shortName: "build-image" });

  test("stores the spec under the version", async () => {
    await using plane = await startControlPlane();
    using client = openSession(targetOf(plane));
    expect(await registrationsOf(client.session, scope).deploy("2026.3.4", spec)).toBe("registered");
    expect(plane.registrations()).toMatchObject([{ ...BUILD_IMAGE, version: "2026.3.4", spec }]);
  });

  test("of a version that the server refuses to replace is none, and no failure", async () => {
    await using plane = await startControlPlane({ existing: "refuse" });
    const before = plane.store({ version: "2026.3.4" });
    using client = openSession(targetOf(plane));
    expect(await registrationsOf(client.session, scope).deploy("2026.3.4", spec)).toBe("already there");
    expect(plane.registrations()).toEqual([before]);
  });

  test("is not repeated, and says what could not be done", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "unavailable", times: 1 });
    using client = openSession(targetOf(plane));
    const { deploy } = registrationsOf(client.session, scope);
    expect(await failureOf(deploy("2026.3.4", spec))).toMatchObject({ code: "control-plane-unavailable" });
    expect(methods(plane)).toEqual(["TaskService/DeployTask"]);
    await plane.setFault({ kind: "permission-denied" });
    const error = await failureOf(deploy("2026.3.4", spec));
    expect(described(error).what).toContain("may not register tasks in system/production");
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
