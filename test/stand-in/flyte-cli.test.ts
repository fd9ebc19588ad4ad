import { toJson } from "@bufbuild/protobuf";
import { describe, expect, inject, test } from "vitest";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { recordedDeployTask } from "../../testing/control-plane/recorded-spec.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { createFlyteFolder } from "../../testing/manual-procedure/flyte-cli.ts";

const version = "2026.3.4";
const scope = ["--project", "system", "--domain", "production"];
const documentedDeploy = ["deploy", "--version", version, ...scope, "build_image_task.py", "build_image_task_env"];
const deployWithoutCopy = ["deploy", "--copy-style", "none", ...documentedDeploy.slice(1)];
const getTasks = ["--output-format", "json-raw", "get", "task", ...scope];

const folderFor = ({ url }: ControlPlane) =>
  createFlyteFolder(inject("flyteCommand"), { endpoint: `dns:///${new URL(url).host}`, insecure: true });

const json = (spec: TaskSpec | undefined) => spec && toJson(TaskSpecSchema, spec);
const methods = ({ calls }: ControlPlane) => calls.map(({ method }) => method);

function withoutBundle(spec: TaskSpec | undefined): TaskSpec | undefined {
  if (spec?.taskTemplate?.metadata) spec.taskTemplate.metadata.codeBundleUri = "";
  return spec;
}

describe.concurrent("flyte deploy", () => {
  test("as documented uploads a code bundle and registers the recorded spec", async () => {
    await using plane = await startControlPlane();
    await using folder = await folderFor(plane);
    const { exitCode, output } = await folder.run(documentedDeploy, { APP_VERSION: version });
    expect(output).toContain(`Deployed task build-image (version ${version})`);
    expect(exitCode).toBe(0);
    expect(methods(plane)).toEqual([
      "ClusterService/SelectCluster",
      "DataProxyService/CreateUploadLocation",
      "PUT upload",
      "TaskService/DeployTask",
    ]);
    const [stored] = plane.registrations();
    expect(stored?.spec.taskTemplate?.metadata?.codeBundleUri).toMatch(/^s3:.*\/system\/production\/.*\.tar\.gz$/);
    expect(json(withoutBundle(stored?.spec))).toEqual(json(withoutBundle(recordedDeployTask(version, "default").spec)));
  });

  test("without copy registers the recorded spec by one call", async () => {
    await using plane = await startControlPlane();
    await using folder = await folderFor(plane);
    const { exitCode } = await folder.run(deployWithoutCopy, { APP_VERSION: version });
    expect(exitCode).toBe(0);
    expect(methods(plane)).toEqual(["TaskService/DeployTask"]);
    expect(json(plane.registrations()[0]?.spec)).toEqual(json(recordedDeployTask(version, "none").spec));
  });

  test("skips a registered version of a server that refuses it", async () => {
    await using plane = await startControlPlane({ existing: "refuse" });
    const before = plane.store({ version });
    await using folder = await folderFor(plane);
    const { exitCode, output } = await folder.run(deployWithoutCopy, { APP_VERSION: "another" });
    expect(output).toContain("Task build-image already exists, skipping");
    expect(exitCode).toBe(0);
    expect(plane.registrations()).toEqual([before]);
  });

  test("fails for a missing project as recorded", async () => {
    await using plane = await startControlPlane({ projects: [] });
    await using folder = await folderFor(plane);
    const { exitCode, output } = await folder.run(documentedDeploy, { APP_VERSION: version });
    expect(output).toContain('Details: project "system" not found');
    expect(exitCode).toBe(1);
    expect(methods(plane).at(-1)).toBe("DataProxyService/CreateUploadLocation");
  });

  test.each([
    ["unavailable", 4, "no healthy upstream"],
    ["bad-gateway", 4, "Bad Gateway"],
    ["too-many-requests", 4, "Too Many Requests"],
    ["unauthenticated", 1, "token is missing or invalid"],
    ["permission-denied", 1, "not allowed to register tasks in system"],
  ] as const)("on %s asks %i times, then fails with the recorded message", async (kind, attempts, message) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind });
    await using folder = await folderFor(plane);
    const { exitCode, output } = await folder.run(deployWithoutCopy, { APP_VERSION: version });
    expect(output.replaceAll(/[\s│]+/g, " ")).toContain(message);
    expect(exitCode).toBe(1);
    expect(methods(plane)).toEqual(Array(attempts).fill("TaskService/DeployTask"));
  });
});

describe.concurrent("flyte get", () => {
  test("task lists the newest version of build-image", async () => {
    await using plane = await startControlPlane({ registrations: 3 });
    plane.store({ version, createdAt: new Date("2026-11-24T00:49:20.670Z") });
    await using folder = await folderFor(plane);
    const { output } = await folder.run(getTasks);
    expect(JSON.parse(output.replaceAll("\n", ""))).toEqual([
      {
        taskId: { project: "system", domain: "production", name: "build-image", version },
        metadata: {
          shortName: "build-image",
          deployedAt: "2026-11-24T00:49:20.670036Z",
          environmentName: "build_image_task",
        },
        taskSummary: {},
      },
    ]);
  });

  test("project names a missing one as recorded, and create project makes it", async () => {
    await using plane = await startControlPlane({ projects: [] });
    await using folder = await folderFor(plane);
    expect((await folder.run(["get", "project", "system"])).output).toContain("project not found: system");
    expect((await folder.run(["create", "project", "--id", "system", "--name", "system"])).exitCode).toBe(0);
    expect((await folder.run(["get", "project", "system"])).output).toContain("PROJECT_STATE_ACTIVE");
  });
});
