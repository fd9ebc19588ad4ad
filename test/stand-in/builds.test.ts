import { createHash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { Filter_Function } from "#flyteidl2/common/list_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import { ErrorInfo_Kind } from "#flyteidl2/workflow/run_definition_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { createFetch } from "../../src/network/fetch.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { stringLiteral } from "../../testing/control-plane/literals.ts";
import { unsignedSpec } from "../../testing/control-plane/seeds.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const spec = create(ImageSpecSchema, { baseImage: "python:3.12-slim", pythonVersion: "3.12" });
const target = "smoke:1";
const projectId = { organization: "acme", name: "system", domain: "development" };
const idOf = (name: string) => ({ org: "acme", project: "system", domain: "development", name });
const actionOf = (name: string) => ({ actionId: { run: idOf(name), name: "a0" } });
const taskSpec = unsignedSpec({ version: "2026.3.4" });

const start = (builds: BuildBehavior = {}) => startControlPlane({ builds });
const runs = (plane: ControlPlane) => connectTo(RunService, plane);
const dataPlane = (plane: ControlPlane) => connectTo(DataProxyService, { url: plane.dataPlaneUrl ?? plane.url });

async function upload(plane: ControlPlane, body = Buffer.from(toBinary(ImageSpecSchema, spec))): Promise<string> {
  const { signedUrl, nativeUrl, headers } = await dataPlane(plane).createUploadLocation({
    project: projectId.name,
    domain: projectId.domain,
    filename: "spec.pb",
    contentMd5: createHash("md5").update(body).digest(),
  });
  const sent = Object.entries(headers).filter(([name]) => name !== "Content-Length");
  await fetch(signedUrl, { method: "PUT", body, headers: sent });
  return nativeUrl;
}

const inputsOf = (specUrl: string, image = target) => ({
  literals: [stringLiteral("context", ""), stringLiteral("spec", specUrl), stringLiteral("target_image", image)],
});

async function createRun(plane: ControlPlane, name = "smoke-1", specUrl = "s3://none/spec.pb"): Promise<string> {
  const { run } = await runs(plane).createRun({
    id: { case: "runId", value: idOf(name) },
    task: { case: "taskSpec", value: taskSpec },
    inputWrapper: { case: "inputs", value: inputsOf(specUrl) },
  });
  return ActionPhase[run?.action?.status?.phase ?? ActionPhase.UNSPECIFIED];
}

const detailsOf = async (plane: ControlPlane, name = "smoke-1") =>
  (await runs(plane).getActionDetails(actionOf(name))).details;

const firstOf = <T>(stream: AsyncIterable<T>) => stream[Symbol.asyncIterator]().next();

const phaseOf = (plane: ControlPlane) => plane.builds.runs().map(({ phase }) => phase);

describe("a build that is not told otherwise", () => {
  test.each([false, true])("succeeds, with a data plane of its own: %s", async (separateDataPlane) => {
    await using plane = await startControlPlane({ separateDataPlane });
    const { clusterEndpoint } = await connectTo(ClusterService, plane).selectCluster({});
    expect(clusterEndpoint).toBe(plane.dataPlaneUrl ?? plane.url);
    const specUrl = await upload(plane);
    const { offloadedInputData } = await dataPlane(plane).uploadInputs({
      id: { case: "projectId", value: projectId },
      inputs: inputsOf(specUrl),
    });
    if (offloadedInputData === undefined) throw new Error("no inputs");
    const { run } = await runs(plane).createRun({
      id: { case: "projectId", value: projectId },
      task: { case: "taskSpec", value: taskSpec },
      inputWrapper: { case: "offloadedInputData", value: offloadedInputData },
    });
    const name = run?.action?.id?.run?.name ?? "";
    expect(plane.builds.runs()).toMatchObject([
      { name, project: "system", domain: "development", phase: "succeeded", hasEnded: true, imageSpec: spec },
    ]);
    const { outputs } = await dataPlane(plane).getActionData(actionOf(name));
    const image = `registry.example.com/union/${target}`;
    expect(outputs?.literals).toEqual([stringLiteral("fully_qualified_image", image)]);
    const images = connectTo(ImageService, { url: clusterEndpoint });
    expect((await images.getImage({ id: { name: target } })).image?.fqin).toBe(image);
    const endpoint = separateDataPlane ? "data-plane" : "control-plane";
    expect(plane.requests.map((request) => [request.method, request.endpoint])).toEqual([
      ["ClusterService/SelectCluster", "control-plane"],
      ["DataProxyService/CreateUploadLocation", endpoint],
      ["PUT upload", "bucket"],
      ["DataProxyService/UploadInputs", endpoint],
      ["RunService/CreateRun", "control-plane"],
      ["DataProxyService/GetActionData", endpoint],
      ["ImageService/GetImage", endpoint],
    ]);
  });
});

test("a data plane of its own speaks TLS as the control plane does, and asks for the same token", async () => {
  const authority = await createAuthority("test CA");
  const oauth = { clientId: "a", clientSecret: "b" };
  await using plane = await startControlPlane({ separateDataPlane: true, tls: await authority.issue(), oauth });
  const [url, ca] = [plane.dataPlaneUrl ?? "", authority.certificatePem];
  expect(url).toMatch(/^https:/);
  await expect(connectTo(ImageService, { url }, { ca }).getImage({})).rejects.toMatchObject({
    code: Code.Unauthenticated,
  });
  const headers = {
    authorization: `Basic ${btoa("a:b")}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const body = "grant_type=client_credentials&scope=all";
  const route = { skipVerify: false, certificateAuthorities: ca, proxy: undefined, noProxy: "" };
  const ask = createFetch(route, { clock: systemClock });
  const signal = new AbortController().signal;
  const answer = await ask(plane.tokenUrl ?? "", { method: "POST", headers, body, signal });
  const token = z.object({ access_token: z.string() }).parse(JSON.parse(answer.text)).access_token;
  for (const httpVersion of ["1.1", "2"] as const) {
    const images = connectTo(ImageService, { url }, { ca, token, httpVersion });
    await expect(images.getImage({})).rejects.toMatchObject({ code: Code.NotFound });
  }
});

describe("a script", () => {
  test("passes through the phases in the time that it names", async () => {
    await using plane = await start({ phaseMilliseconds: 5 });
    expect(await createRun(plane)).toBe("QUEUED");
    const seen: string[] = [];
    for await (const { details } of runs(plane).watchActionDetails(actionOf("smoke-1"))) {
      seen.push(ActionPhase[details?.status?.phase ?? ActionPhase.UNSPECIFIED]);
    }
    expect(seen.at(-1)).toBe("SUCCEEDED");
    const { attempts, status } = (await detailsOf(plane)) ?? {};
    const passed = attempts?.[0]?.phaseTransitions.map(({ phase }) => ActionPhase[phase]);
    expect(passed).toEqual(["QUEUED", "WAITING_FOR_RESOURCES", "INITIALIZING", "RUNNING", "SUCCEEDED"]);
    expect(passed).toEqual(expect.arrayContaining(seen));
    expect(status?.durationMs).toBe(20n);
  });

  test.each([
    ["queued", "waiting", 1],
    ["waiting", "initializing", 2],
    ["initializing", "running", 3],
    ["running", "succeeded", 4],
  ] as const)("stays %s for ever", async (stuckIn, following, transitions) => {
    await using plane = await start({ end: "never", stuckIn, events: ["Unschedulable: 0/3 nodes"] });
    await createRun(plane);
    expect(plane.builds.runs()).toMatchObject([{ phase: stuckIn, hasEnded: false }]);
    const { attempts } = (await detailsOf(plane)) ?? {};
    expect(attempts?.[0]?.phaseTransitions).toHaveLength(transitions);
    expect(attempts?.[0]?.clusterEvents.map(({ message }) => message)).toEqual(["Unschedulable: 0/3 nodes"]);
    expect(attempts?.[0]?.logsAvailable).toBe(following === "succeeded");
  });

  test("fails with the last of its log, which GetRunDetails keeps back", async () => {
    const log = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    await using plane = await start({ end: "failed", log });
    await createRun(plane);
    const { result } = (await detailsOf(plane)) ?? {};
    const tail = log.slice(-80).join("\n");
    const message = `\r\n[main] terminated with exit code (1). Reason [Error]. Message: \n${tail}.`;
    expect(result).toMatchObject({ case: "errorInfo", value: { message } });
    const { details } = await runs(plane).getRunDetails({ runId: idOf("smoke-1") });
    expect(details?.action?.status?.phase).toBe(ActionPhase.FAILED);
    expect(details?.action?.result.case).toBeUndefined();
    expect(details?.action?.attempts[0]?.errorInfo).toBeUndefined();
  });

  test.each([
    ["smoke:1", "registry.example.com/union/smoke:1"],
    ["team/smoke:1", "registry.example.com/union/team/smoke:1"],
    ["ghcr.io/team/smoke:1", "ghcr.io/team/smoke:1"],
    ["localhost:5000/smoke:1", "localhost:5000/smoke:1"],
  ])("pushes %s to %s", async (image, reference) => {
    await using plane = await start();
    await runs(plane).createRun({
      id: { case: "runId", value: idOf("smoke-1") },
      task: { case: "taskSpec", value: taskSpec },
      inputWrapper: { case: "inputs", value: inputsOf("", image) },
    });
    const { outputs } = await dataPlane(plane).getActionData(actionOf("smoke-1"));
    expect(outputs?.literals).toEqual([stringLiteral("fully_qualified_image", reference)]);
    expect((await connectTo(ImageService, plane).getImage({ id: { name: "smoke:1" } })).image?.fqin).toBe(reference);
  });

  test("is watched a message at a time where streams are cut", async () => {
    await using plane = await start({ end: "never", cutStreams: true });
    await createRun(plane);
    const phases: (ActionPhase | undefined)[] = [];
    for await (const { details } of runs(plane).watchActionDetails(actionOf("smoke-1"))) {
      phases.push(details?.status?.phase);
    }
    expect(phases).toEqual([ActionPhase.RUNNING]);
  });

  test("is not watched where the stream is refused, and the record has what was asked else", async () => {
    await using plane = await start({
      refuse: { "watch-action-details": { code: "unavailable", message: "not now", times: 1 } },
    });
    await createRun(plane);
    const watch = () => firstOf(runs(plane).watchActionDetails(actionOf("smoke-1")));
    await expect(watch()).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "not now" });
    expect((await watch()).value?.details?.status?.phase).toBe(ActionPhase.SUCCEEDED);
    const asked = plane.requests.filter(({ method }) => method === "RunService/WatchActionDetails");
    expect(asked.map(({ request }) => request)).toEqual([actionOf("smoke-1")]);
  });

  test("is not undone by an abort after its end", async () => {
    await using plane = await start();
    await createRun(plane);
    await runs(plane).abortRun({ runId: idOf("smoke-1") });
    expect(plane.builds.runs()).toMatchObject([{ phase: "succeeded", abortReason: undefined }]);
  });

  test("has failed before its error is known", async () => {
    await using plane = await start({ end: "failed", error: "exit code 1", errorKind: "system", lateErrors: 1 });
    await createRun(plane);
    const late = await detailsOf(plane);
    expect([late?.status?.phase, late?.result.case]).toEqual([ActionPhase.FAILED, undefined]);
    const value = { message: "exit code 1", kind: ErrorInfo_Kind.SYSTEM };
    expect((await detailsOf(plane))?.result).toMatchObject({ case: "errorInfo", value });
  });

  test("gives the error of one that timed out to its attempt only", async () => {
    await using plane = await start({ end: "timed-out", error: "timed out" });
    await createRun(plane);
    const { result, attempts } = (await detailsOf(plane)) ?? {};
    expect([result?.case, attempts?.[0]?.errorInfo?.message]).toEqual([undefined, "timed out"]);
  });

  test("keeps 2048 bytes of long lines", async () => {
    await using plane = await start({ end: "failed", log: ["x".repeat(5000)] });
    await createRun(plane);
    const { result } = (await detailsOf(plane)) ?? {};
    expect(result?.case === "errorInfo" && /x{2,}/.exec(result.value.message)?.[0]).toHaveLength(2048);
  });

  test("ends as told", async () => {
    await using plane = await start({ end: "aborted", abortReason: "preempted" });
    await createRun(plane);
    expect((await detailsOf(plane))?.result).toMatchObject({ case: "abortInfo", value: { reason: "preempted" } });
    plane.builds.behave({ end: "timed-out" });
    await createRun(plane, "smoke-2");
    expect(phaseOf(plane)).toEqual(["aborted", "timed-out"]);
  });

  test("names its output and its image as told", async () => {
    await using plane = await start({ outputName: "o0", image: "registry.example.com/other:2", imageSeen: false });
    await createRun(plane);
    const { outputs } = await dataPlane(plane).getActionData(actionOf("smoke-1"));
    expect(outputs?.literals).toEqual([stringLiteral("o0", "registry.example.com/other:2")]);
    const getImage = (name: string) => connectTo(ImageService, plane).getImage({ id: { name } });
    await expect(getImage("other:2")).rejects.toMatchObject({ code: Code.NotFound });
    plane.builds.behave({ knownImages: { "older:1": "registry.example.com/older:1" } });
    expect((await getImage("other:2")).image?.fqin).toBe("registry.example.com/other:2");
    expect((await getImage("older:1")).image?.fqin).toBe("registry.example.com/older:1");
  });
});

describe("CreateRun", () => {
  test.each(["unavailable", "cut"] as const)("leaves one run where answers are lost: %s", async (lostAs) => {
    await using plane = await start({ createRun: { loseAnswers: 2, lostAs } });
    const proxyAnswer = /^upstream connect error/;
    for (const _ of [1, 2]) {
      const rawMessage = lostAs === "cut" ? expect.not.stringMatching(proxyAnswer) : expect.stringMatching(proxyAnswer);
      await expect(createRun(plane)).rejects.toMatchObject({ rawMessage });
    }
    expect(await createRun(plane)).toBe("SUCCEEDED");
    expect(plane.builds.runs()).toHaveLength(1);
  });

  test("has made the run while its answer waits", async () => {
    await using plane = await start({ createRun: { delayMilliseconds: 60_000 } });
    const answer = createRun(plane).catch(() => "cut");
    await vi.waitUntil(() => plane.builds.runs().length === 1);
    await plane.stop();
    expect(await answer).toBe("cut");
  });

  test("refuses a name that is taken, where told to", async () => {
    await using plane = await start({ createRun: { existing: "refuse" } });
    await createRun(plane);
    await expect(createRun(plane)).rejects.toMatchObject({ code: Code.AlreadyExists });
  });

  test("runs a registered task by its id", async () => {
    await using plane = await start();
    plane.store({ version: "7" });
    const value = { project: "system", domain: "production", name: "build-image", version: "7" };
    await runs(plane).createRun({ id: { case: "projectId", value: projectId }, task: { case: "taskId", value } });
    const { details } = await runs(plane).getRunDetails({ runId: idOf(plane.builds.runs()[0]?.name ?? "") });
    expect(details?.action?.spec).toEqual({ case: "task", value: unsignedSpec({ version: "7" }) });
  });
});

describe("refusals", () => {
  const unavailable = { code: "unavailable", message: "could not select a cluster" };
  const select = (plane: ControlPlane, operation: number) =>
    connectTo(ClusterService, plane).selectCluster({ operation });

  test("are of one operation of SelectCluster, or of all", async () => {
    await using plane = await start({ refuse: { "select-cluster:get-image": unavailable } });
    await expect(select(plane, 10)).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: unavailable.message });
    await select(plane, 1);
    plane.builds.behave({ refuse: { "select-cluster": unavailable } });
    await expect(select(plane, 1)).rejects.toMatchObject({ code: Code.Unavailable });
  });

  test("end after as many as told", async () => {
    await using plane = await start({ refuse: { "list-runs": { code: "internal", message: "no", times: 2 } } });
    for (const _ of [1, 2]) await expect(runs(plane).listRuns({})).rejects.toMatchObject({ code: Code.Internal });
    await runs(plane).listRuns({});
    plane.builds.behave({ refuse: { "list-runs": { code: "internal", message: "no", times: 1 } } });
    await expect(runs(plane).listRuns({})).rejects.toMatchObject({ code: Code.Internal });
    await runs(plane).listRuns({});
  });

  const calls = {
    "create-upload-location": (plane: ControlPlane) => dataPlane(plane).createUploadLocation({ project: "system" }),
    "upload-inputs": (plane: ControlPlane) => dataPlane(plane).uploadInputs({}),
    "create-run": createRun,
    "get-image": (plane: ControlPlane) => connectTo(ImageService, plane).getImage({}),
    "get-action-details": detailsOf,
    "abort-run": (plane: ControlPlane) => runs(plane).abortRun({}),
    "list-runs": (plane: ControlPlane) => runs(plane).listRuns({}),
  };
  test.each(Object.keys(calls) as (keyof typeof calls)[])("%s", async (call) => {
    await using plane = await start({ refuse: { [call]: { code: "permission_denied", message: "not allowed" } } });
    await expect(calls[call](plane)).rejects.toMatchObject({ code: Code.PermissionDenied, rawMessage: "not allowed" });
    expect(plane.requests).toHaveLength(1);
  });

  test.each([
    ["cluster-service", (plane: ControlPlane) => select(plane, 1)],
    ["image-service", (plane: ControlPlane) => connectTo(ImageService, plane).getImage({})],
    ["upload-inputs", (plane: ControlPlane) => dataPlane(plane).uploadInputs({})],
  ] as const)("what an older control plane does not have: %s", async (part, call) => {
    await using plane = await start({ absent: [part] });
    await expect(call(plane)).rejects.toMatchObject({ code: Code.Unimplemented });
  });
});

describe("the bucket", () => {
  test("answers uploads as told, as often as told", async () => {
    await using plane = await start({ upload: { status: 503, body: "<Code>SlowDown</Code>", times: 1 } });
    const locate = () =>
      dataPlane(plane).createUploadLocation({ project: "system", filename: "a", contentMd5: new Uint8Array(16) });
    const put = async () => (await fetch((await locate()).signedUrl, { method: "PUT", body: "" })).status;
    expect([await put(), await put()]).toEqual([503, 403]);
  });

  test("is at the host that is told", async () => {
    await using plane = await start({ signedUrlHost: "bucket.invalid:9000" });
    const { signedUrl } = await dataPlane(plane).createUploadLocation({ project: "system", filename: "a" });
    expect(signedUrl).toMatch(/^http:\/\/bucket\.invalid:9000\/flyte-data\//);
  });

  test("asks for no token, as the data plane does", async () => {
    const oauth = { clientId: "a", clientSecret: "b" };
    await using plane = await startControlPlane({ oauth, separateDataPlane: true });
    await expect(dataPlane(plane).uploadInputs({})).rejects.toMatchObject({ code: Code.Unauthenticated });
    const answer = await fetch(`${plane.dataPlaneUrl}/flyte-data/x`, { method: "PUT", body: "" });
    expect(await answer.text()).toContain("SignatureDoesNotMatch");
  });
});

describe("ListRuns", () => {
  async function list(plane: ControlPlane, filters: [Filter_Function, string, string][] = [], limit = 50, token = "") {
    const answer = await runs(plane).listRuns({
      scopeBy: { case: "projectId", value: projectId },
      request: { limit, token, filters: filters.map(([f, field, value]) => ({ function: f, field, values: [value] })) },
    });
    return { names: answer.runs.map(({ action }) => action?.id?.run?.name), token: answer.token };
  }

  test("gives the runs of a project that the filters let through, newest first, a page at a time", async () => {
    await using plane = await start({ end: "never" });
    for (const name of ["smoke-1", "smoke-2", "other"]) await createRun(plane, name);
    await runs(plane).abortRun({ runId: idOf("smoke-1") });
    expect(await list(plane)).toEqual({ names: ["other", "smoke-2", "smoke-1"], token: "" });
    expect(await list(plane, [], 2)).toEqual({ names: ["other", "smoke-2"], token: "2" });
    expect(await list(plane, [], 2, "2")).toEqual({ names: ["smoke-1"], token: "" });
    const { CONTAINS, EQUAL } = Filter_Function;
    expect((await list(plane, [[CONTAINS, "run_name", "smoke-"]])).names).toEqual(["smoke-2", "smoke-1"]);
    const running = String(ActionPhase.RUNNING);
    expect(
      (
        await list(plane, [
          [EQUAL, "phase", running],
          [CONTAINS, "run_name", "smoke-"],
        ])
      ).names,
    ).toEqual(["smoke-2"]);
    expect((await list(plane, [[EQUAL, "task_name", "build-image"]])).names).toHaveLength(3);
    expect((await list(plane, [[EQUAL, "task_name", "another"]])).names).toEqual([]);
    const elsewhere = { case: "projectId", value: { ...projectId, domain: "staging" } } as const;
    expect((await runs(plane).listRuns({ scopeBy: elsewhere })).runs).toEqual([]);
    await expect(list(plane, [[EQUAL, "name", "a0"]])).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: "failed to convert filters: invalid filter field: name",
    });
  });
});

describe("TailLogs", () => {
  async function tail(plane: ControlPlane): Promise<string[]> {
    const messages: string[] = [];
    for await (const { logs } of dataPlane(plane).tailLogs({ ...actionOf("smoke-1"), attempt: 1 })) {
      messages.push(...logs.flatMap(({ lines }) => lines.map(({ message }) => message)));
    }
    return messages;
  }

  test("gives the lines of a run that has ended, and ends", async () => {
    await using plane = await start({ log: ["one", "two"] });
    await createRun(plane);
    expect(await tail(plane)).toEqual(["one", "two"]);
  });

  test("sends a hundred lines at once", async () => {
    const log = Array.from({ length: 250 }, (_, index) => `line ${index}`);
    await using plane = await start({ log });
    await createRun(plane);
    const counts: (number | undefined)[] = [];
    for await (const { logs } of dataPlane(plane).tailLogs(actionOf("smoke-1"))) counts.push(logs[0]?.lines.length);
    expect(counts).toEqual([100, 100, 50]);
    expect(await tail(plane)).toEqual(log);
  });

  test.each<BuildBehavior>([
    { logsGone: true, log: ["one"] },
    { end: "never", stuckIn: "initializing" },
    { end: "failed", stuckIn: "queued" },
  ])("finds no log: %o", async (behavior) => {
    await using plane = await start(behavior);
    await createRun(plane);
    await expect(tail(plane)).rejects.toMatchObject({ code: Code.NotFound });
  });
});

describe("a build that is executed", () => {
  test("is given what was uploaded, and decides how the run ends", async () => {
    const execute = vi.fn<NonNullable<BuildBehavior["execute"]>>(async ({ log }) => {
      log("pushing");
      return { image: "registry.example.com/pushed:1" };
    });
    await using plane = await start({ execute });
    await createRun(plane, "smoke-1", await upload(plane));
    await vi.waitUntil(() => plane.builds.runs()[0]?.hasEnded);
    expect(execute.mock.calls[0]?.[0]).toMatchObject({
      spec,
      target,
      frontend: "public.ecr.aws/g1m2l3c1/imagebuilder-staging/frontend-v2:2026.3.4",
    });
    const { outputs } = await dataPlane(plane).getActionData(actionOf("smoke-1"));
    expect(outputs?.literals).toEqual([stringLiteral("fully_qualified_image", "registry.example.com/pushed:1")]);
  });

  test.each<[string, NonNullable<BuildBehavior["execute"]>]>([
    ["an error", async () => ({ error: "ERROR: failed to solve" })],
    ["a rejection", () => Promise.reject(new Error("failed to solve"))],
  ])("fails with %s as its last line", async (_, execute) => {
    await using plane = await start({ execute });
    await createRun(plane, "smoke-1", await upload(plane));
    await vi.waitUntil(() => plane.builds.runs()[0]?.hasEnded);
    const { result } = (await detailsOf(plane)) ?? {};
    const message = expect.stringMatching(/Message: \n.*failed to solve\.$/);
    expect(result).toMatchObject({ case: "errorInfo", value: { message } });
  });

  test("fails if what was uploaded is no spec", async () => {
    await using plane = await start({ execute: async () => ({ image: "never" }) });
    await createRun(plane, "smoke-1", await upload(plane, Buffer.from("<html>")));
    expect(plane.builds.runs()).toMatchObject([{ phase: "failed", imageSpec: undefined }]);
  });

  test("fails if nothing was uploaded", async () => {
    await using plane = await start({ execute: async () => ({ image: "never" }) });
    await createRun(plane);
    expect(phaseOf(plane)).toEqual(["failed"]);
  });

  /** Goes on until it is aborted, and a turn longer. */
  function endless() {
    const ended: string[] = [];
    const execute: BuildBehavior["execute"] = async ({ signal, log }) => {
      log("started");
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      await new Promise(setImmediate);
      ended.push("ended");
      return { error: "interrupted" };
    };
    return { execute, ended };
  }

  test("ends when its run is aborted, which stays aborted", async () => {
    const { execute, ended } = endless();
    await using plane = await start({ execute });
    await createRun(plane, "smoke-1", await upload(plane));
    expect(phaseOf(plane)).toEqual(["running"]);
    for (const reason of ["interrupted", "again"]) await runs(plane).abortRun({ runId: idOf("smoke-1"), reason });
    await vi.waitUntil(() => ended.length === 1);
    expect(plane.builds.runs()).toMatchObject([{ phase: "aborted", abortReason: "again" }]);
    await expect(runs(plane).abortRun({ runId: idOf("none") })).rejects.toMatchObject({ code: Code.NotFound });
  });

  test("has ended when the control plane has stopped", async () => {
    const { execute, ended } = endless();
    const plane = await start({ execute });
    await createRun(plane, "smoke-1", await upload(plane));
    await plane.stop();
    expect(ended).toHaveLength(1);
  });

  test("is tailed line by line until it ends", async () => {
    const more = Promise.withResolvers<void>();
    const execute: BuildBehavior["execute"] = async ({ log }) => {
      log("one");
      await more.promise;
      log("two");
      return { image: "registry.example.com/pushed:1" };
    };
    await using plane = await start({ execute });
    await createRun(plane, "smoke-1", await upload(plane));
    const lines: (string | undefined)[] = [];
    for await (const { logs } of dataPlane(plane).tailLogs({ ...actionOf("smoke-1"), attempt: 1 })) {
      lines.push(...logs.flatMap((batch) => batch.lines.map(({ message }) => message)));
      more.resolve();
    }
    expect(lines).toEqual(["one", "two"]);
  });
});
