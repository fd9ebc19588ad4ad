import { describe, expect, it, test } from "vitest";
import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import { recordedBuilds } from "../../testing/smoke-build/recorded-failures.ts";
import { appVersion, codesOf, requestsOf, runBuild, startPlane } from "../../testing/smoke-build/verify-build.ts";

const digest = `sha256:${"a1".repeat(32)}`;

describe("a build", () => {
  it("uploads the image's spec, runs the registered task and asks for what was pushed", async () => {
    const line = `#7 pushing manifest for registry.example.com/union/registrar-smoke:test@${digest} 0.1s done`;
    await using plane = await startPlane({ log: [line], phaseMilliseconds: 600 });
    const report = await runBuild(plane, ["--build-projects", "[flytesnacks/development]"]);
    const [run] = plane.builds.runs();
    const image = "registry.example.com/union/registrar-smoke:test";
    expect(report).toMatchObject({
      state: "built",
      exitCode: 0,
      findings: [],
      builds: [
        {
          project: "flytesnacks",
          domain: "development",
          state: "built",
          run: run?.name,
          url: `${plane.url}/v2/domain/development/project/flytesnacks/runs/${run?.name}`,
          image,
          digest,
          deleteCommand: `regctl tag delete ${image}`,
          phases: [{ name: "queued" }, { name: "waiting" }, { name: "initializing" }, { name: "running" }],
          notes: [],
        },
      ],
    });
    expect(report.summary).toContain(
      `${appVersion} is current in system/production with this definition and builds ${image}`,
    );
    expect(run).toMatchObject({ project: "flytesnacks", domain: "development", hasEnded: true });
    expect(run?.inputs).toMatchObject({ context: "", target_image: "registrar-smoke:test" });
    expect(run?.imageSpec).toMatchObject({ baseImage: "python:3.12-slim", pythonVersion: "3.12" });
  });

  it("is past both caches, has a deadline on the server, and a label", async () => {
    await using plane = await startPlane();
    await runBuild(plane, ["--build-timeout", "90s"]);
    const { request } = plane.builds.runs()[0] ?? {};
    expect(request?.runSpec).toMatchObject({
      overwriteCache: true,
      cacheConfig: { overwriteCache: true },
      labels: { values: { "image-builder-registrar": "smoke" } },
    });
    const spec = request?.task.case === "taskSpec" ? request.task.value : undefined;
    expect(spec?.taskTemplate?.metadata?.timeouts?.deadline?.seconds).toBe(150n);
    expect(requestsOf(plane).indexOf("ImageService/GetImage")).toBeGreaterThan(
      requestsOf(plane).indexOf("RunService/CreateRun"),
    );
  });

  it("asks the data plane that the control plane names", async () => {
    await using plane = await startPlane({ phaseMilliseconds: 600 }, { separateDataPlane: true });
    expect(await runBuild(plane)).toMatchObject({ state: "built", findings: [] });
    const at = (endpoint: string) =>
      new Set(plane.calls.filter((call) => call.endpoint === endpoint).map(({ method }) => method));
    expect(at("data-plane")).toEqual(
      new Set([
        "DataProxyService/CreateUploadLocation",
        "DataProxyService/UploadInputs",
        "DataProxyService/GetActionData",
        "DataProxyService/TailLogs",
        "ImageService/GetImage",
      ]),
    );
    expect(at("bucket")).toEqual(new Set(["PUT upload"]));
  });

  it("names what an older or open source control plane does not have", async () => {
    await using plane = await startPlane({ absent: ["cluster-service", "image-service", "upload-inputs"] });
    const report = await runBuild(plane);
    expect(report).toMatchObject({ state: "built", findings: [] });
    expect(report.builds?.[0]?.notes).toEqual([
      "the control plane does not select clusters, so it was asked for everything itself",
      "the data plane does not store inputs, so the run got them with the request",
      "the control plane has no image service, so nothing has seen the image in the registry",
    ]);
    expect(plane.builds.runs()[0]?.request.inputWrapper.case).toBe("inputs");
  });

  it("takes place in each project, also after one has failed", async () => {
    await using plane = await startPlane({ end: "failed", error: "boom" });
    const report = await runBuild(plane, ["--build-projects", "[a/development, b/staging]"]);
    expect(report).toMatchObject({ state: "build-failed", exitCode: 1 });
    expect(report.builds?.map(({ project, domain, state }) => `${project}/${domain} ${state}`)).toEqual([
      "a/development failed",
      "b/staging failed",
    ]);
    expect(codesOf(report).filter((code) => code === "build-failed")).toHaveLength(2);
  });

  it("is not made where the registration is not current", async () => {
    await using plane = await startPlane();
    const report = await runBuild(plane, ["--task-log-level", "2"]);
    expect(report).toMatchObject({ state: "not-current", exitCode: 1 });
    expect(report.summary).toContain("nothing was built");
    expect(codesOf(report)).toEqual(["registration-differs"]);
    expect(requestsOf(plane)).toEqual([]);
  });
});

describe("the signature of an upload, with which anybody may write to the bucket", () => {
  it.each<[string, BuildBehavior]>([
    ["a bucket that cannot be reached", { signedUrlHost: "127.0.0.1:9" }],
    ["a bucket that refuses and repeats it", { upload: { status: 403, body: "<Code>SignatureDoesNotMatch</Code>" } }],
    ["a build that succeeds", {}],
  ])("is not in the report of %s", async (_, behavior) => {
    await using plane = await startPlane(behavior);
    const report = JSON.stringify(await runBuild(plane));
    expect(report).not.toMatch(/X-Amz|Signature=/);
  });
});

describe("--dry-run", () => {
  it("says what would be built, and writes nothing", async () => {
    await using plane = await startPlane();
    const report = await runBuild(plane, ["--dry-run", "--build-projects", "[a/development, b/staging]"]);
    const planned = {
      state: "planned",
      baseImage: "python:3.12-slim",
      layers: ["an environment variable", "pip packages peppercorn"],
      target: "registrar-smoke:test",
      timeoutSeconds: 600,
    };
    expect(report).toMatchObject({
      state: "planned",
      exitCode: 0,
      builds: [
        { project: "a", domain: "development", ...planned },
        { project: "b", domain: "staging", ...planned },
      ],
    });
    expect(requestsOf(plane)).toEqual([]);
  });
});

describe("a run that does not end in time", () => {
  it("is aborted, and the last event says why it waited", async () => {
    const events = ["Unschedulable:0/3 nodes are available: 3 Insufficient cpu."];
    await using plane = await startPlane({ end: "never", stuckIn: "queued", events });
    const report = await runBuild(plane, ["--build-timeout", "1s"]);
    expect(codesOf(report)).toContain("build-unschedulable");
    expect(plane.builds.runs()).toMatchObject([{ hasEnded: true }]);
    expect(report.steps.find(({ name }) => name === "abort")).toMatchObject({ status: "ok" });
  });

  it("is named, with what aborts it, where it cannot be aborted", async () => {
    const refuse = { "abort-run": { code: "permission_denied", message: "no" } };
    await using plane = await startPlane({ end: "never", refuse });
    const report = await runBuild(plane, ["--build-timeout", "1s"]);
    const left = report.findings.find(({ code }) => code === "build-run-left");
    expect(left?.severity).toBe("warning");
    expect(left?.next).toContain(`flyte abort run ${plane.builds.runs()[0]?.name}`);
  });
});

describe("runs that an earlier program has left", () => {
  it("are aborted before the next build of the same Helm release, and no others", async () => {
    const refuse = { "abort-run": { code: "permission_denied", message: "no" } };
    await using plane = await startPlane({ end: "never", refuse });
    for (const cluster of ["one", "two"])
      await runBuild(plane, ["--build-timeout", "1s", "--release-cluster", cluster]);
    expect(plane.builds.runs()).toMatchObject([{ hasEnded: false }, { hasEnded: false }]);
    plane.builds.behave({});
    const report = await runBuild(plane, ["--release-cluster", "two"]);
    const [one, two] = plane.builds.runs();
    expect(report.steps.find(({ name }) => name === "sweep")?.detail).toContain(two?.name);
    expect(one).toMatchObject({ hasEnded: false });
    expect(two).toMatchObject({ hasEnded: true, abortReason: "a later build of two/registrar has begun" });
  });

  it("are left alone if they have ended", async () => {
    await using plane = await startPlane();
    await runBuild(plane);
    const { steps } = await runBuild(plane);
    expect(steps.map(({ name }) => name)).not.toContain("sweep");
    expect(requestsOf(plane)).not.toContain("RunService/AbortRun");
  });

  it.each([
    { code: "invalid_argument", message: "invalid filter field: run_name", times: 1 },
    { code: "permission_denied", message: "no" },
  ])("do not keep it from building if they cannot be looked for: $message", async (refusal) => {
    await using plane = await startPlane({ refuse: { "list-runs": refusal } });
    const report = await runBuild(plane);
    expect(report).toMatchObject({ state: "built", exitCode: 0 });
    const sweep = report.steps.find(({ name }) => name === "sweep");
    expect(sweep?.status).toBe(refusal.times === 1 ? undefined : "warning");
  });
});

test.each([
  { status: 503, tries: 3, state: "built" },
  { status: 403, tries: 1, state: "build-failed" },
])("an upload that is answered $status twice is tried $tries times", async ({ status, tries, state }) => {
  await using plane = await startPlane({ upload: { status, body: "<Code>SlowDown</Code>", times: 2 } });
  expect(await runBuild(plane)).toMatchObject({ state });
  expect(plane.calls.filter(({ method }) => method === "PUT upload")).toHaveLength(tries);
});

test("the error of a run that comes later than its end is waited for", async () => {
  const error = 'pods "smoke-a0-0" is forbidden: exceeded quota: project-quota';
  await using plane = await startPlane({ end: "failed", error, lateErrors: 2 });
  expect(codesOf(await runBuild(plane))).toContain("build-forbidden");
});

describe("an answer to CreateRun that is lost", () => {
  it.each([
    { lostAs: "unavailable", existing: "answer" },
    { lostAs: "cut", existing: "answer" },
    { lostAs: "cut", existing: "refuse" },
  ] as const)("($lostAs, then $existing) leaves one run", async (createRun) => {
    await using plane = await startPlane({ createRun: { ...createRun, loseAnswers: 2 } });
    expect(await runBuild(plane, ["--build-timeout", "30s"])).toMatchObject({ state: "built", exitCode: 0 });
    expect(plane.builds.runs()).toHaveLength(1);
  });
});

test("what the log alone says of a run that has failed is found", async () => {
  const error = "\r\n[main] terminated with exit code (1). Reason [Error]. Message: \n.";
  const log = recordedBuilds().find(({ name }) => name === "push, with credentials: ecr-pull-only")?.log ?? "";
  await using plane = await startPlane({ end: "failed", error, log: log.split("\n") });
  expect(codesOf(await runBuild(plane))).toEqual(["build-push-denied"]);
});

test("a cluster that is not healthy yet is waited for, longer than a control plane that does not answer", async () => {
  const message = "could not select a cluster for organization acme, domain development";
  await using plane = await startPlane({ refuse: { "select-cluster": { code: "unavailable", message, times: 8 } } });
  const report = await runBuild(plane, ["--timeouts-control-plane", "1s"]);
  expect(report).toMatchObject({ state: "built", exitCode: 0, findings: [] });
});

test("a run that was refused is not aborted", async () => {
  await using plane = await startPlane({ refuse: { "create-run": { code: "permission_denied", message: "no" } } });
  expect(codesOf(await runBuild(plane))).toEqual(["build-not-allowed"]);
  expect(requestsOf(plane)).not.toContain("RunService/AbortRun");
});
