import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BuildRequest, compareRequests, wholeRequest } from "../../testing/build-requests/compare-requests.ts";
import { judgeDifferences } from "../../testing/build-requests/known-differences.ts";
import { seenRequests } from "../../testing/build-requests/seen-requests.ts";

const select = (operation: string | number): BuildRequest => {
  return { method: "ClusterService/SelectCluster", request: { operation } };
};
const create = (request: BuildRequest["request"]): BuildRequest => ({ method: "RunService/CreateRun", request });
const image: BuildRequest = { method: "ImageService/GetImage", request: { id: { name: "a:1" } } };
const upload: BuildRequest = { method: "PUT upload", request: {} };

describe("requests of two builds", () => {
  test("differ in each leaf of a message by itself", () => {
    const [sdk, ours] = [create({ runSpec: { labels: {} }, a: [1, 2] }), create({ runId: { name: "x" }, a: [1, 3] })];
    expect(compareRequests([sdk], [ours])).toEqual([
      { method: "RunService/CreateRun", field: "runSpec.labels", sdk: {}, ours: undefined },
      { method: "RunService/CreateRun", field: "a[1]", sdk: 2, ours: 3 },
      { method: "RunService/CreateRun", field: "runId.name", sdk: undefined, ours: "x" },
    ]);
  });

  test("differ where one side alone makes a request, each operation by itself", () => {
    expect(compareRequests([select("OPERATION_UPLOAD_INPUTS"), select(10)], [select(10), upload])).toEqual([
      {
        method: "ClusterService/SelectCluster UPLOAD_INPUTS",
        field: wholeRequest.sdkAlone,
        sdk: { operation: "OPERATION_UPLOAD_INPUTS" },
        ours: undefined,
      },
      { method: "PUT upload", field: wholeRequest.oursAlone, sdk: undefined, ours: {} },
    ]);
  });

  test("differ where a side makes another request of the same name", () => {
    const second = create({ runId: { name: "second" } });
    expect(compareRequests([create({})], [create({}), second])).toEqual([
      { method: "RunService/CreateRun", field: wholeRequest.oursAlone, sdk: undefined, ours: second.request },
    ]);
  });

  test("differ in the place of what was moved, and of nothing else", () => {
    expect(compareRequests([image, upload, create({})], [upload, create({}), image])).toEqual([
      { method: "ImageService/GetImage", field: wholeRequest.order, sdk: 1, ours: 3 },
    ]);
  });

  test("are equal where they are repeated, and only then in any number", () => {
    const request = fc.record({
      method: fc.constantFrom("A/A", "B/B", "ClusterService/SelectCluster"),
      request: fc.record({ operation: fc.constantFrom("X", "Y", 10) }),
    });
    fc.assert(
      fc.property(fc.array(request), fc.integer({ min: 1, max: 3 }), (requests, times) => {
        const repeated = requests.flatMap((each) => Array.from({ length: times }, () => each));
        expect(compareRequests(requests, repeated)).toEqual([]);
      }),
    );
  });
});

test("known differences cover what is below their fields; others are unknown, and those without one are stale", () => {
  const known = [
    { methods: ["A/A"], fields: ["run", "labels"], reason: "" },
    { methods: ["B/B", "C/C"], fields: ["x"], reason: "" },
  ];
  const differences = ["run.name", "running", "run"].map((field) => ({ method: "A/A", field, sdk: 1, ours: 2 }));
  expect(judgeDifferences(differences, known)).toEqual({
    unknown: [{ method: "A/A", field: "running", sdk: 1, ours: 2 }],
    stale: ["A/A labels", "B/B x", "C/C x"],
  });
});

test("what a stand-in has seen is in order, with what it has recorded, and without the client of HTTP", () => {
  const calls = ["TaskService/ListTasks", "PUT upload", "PUT upload"].map((method) => ({ method, httpVersion: "1.1" }));
  const headers = { "user-agent": "httpx", host: "localhost:1", "content-length": "3" };
  const requests = [{ headers }, { headers: {} }].map((request) => {
    return { method: "PUT upload", endpoint: "bucket" as const, request };
  });
  expect(seenRequests({ calls, requests })).toEqual([
    { method: "TaskService/ListTasks", request: {} },
    { method: "PUT upload", request: { headers: { "content-length": "3" } } },
    { method: "PUT upload", request: { headers: {} } },
  ]);
});
