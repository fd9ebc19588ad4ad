import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { eightSettings } from "../../testing/conformance/eight-settings.ts";
import { oursOf } from "../../testing/conformance/ours.ts";
import type { GivenSettings } from "../../testing/conformance/random-settings.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { createFlyteFolder } from "../../testing/manual-procedure/flyte-cli.ts";
import { runProgram } from "../../testing/program/run-program.ts";

const basis = { appVersion: "2026.3.4", controlPlane: { org: "testorg" } };

// Each registration is on a stand-in of its own, so that versions are equal too.
describe.concurrent.each(eightSettings)("$name", { timeout: 120_000 }, ({ settings }) => {
  let ofProgram: Promise<JsonValue> | undefined;
  const storedByProgram = () => (ofProgram ??= registered(settings, "api"));

  test("the program stores the spec that the serializer's is compared with", async () => {
    expect(await storedByProgram()).toEqual(oursOf({ ...settings, ...basis }).spec);
  });

  test("both writers store the same", async () => {
    expect(await registered(settings, "flyte")).toEqual(await storedByProgram());
  });

  test("render prints what is stored", async () => {
    expect(parse(await rendered(settings, "task"))).toEqual(await storedByProgram());
  });

  test("the printed Python file, deployed by the command in it, is stored as the same", async () => {
    const source = await rendered(settings, "python");
    expect(await deployedByHand(source, settings.task?.domain ?? "production")).toEqual(await storedByProgram());
  });
});

/** What `registrar register` stores of these settings. */
async function registered(settings: GivenSettings, deployWith: "api" | "flyte"): Promise<JsonValue> {
  await using plane = await startControlPlane();
  const { task, ...rest } = settings;
  await run("register", { ...rest, task: { ...task, deployWith }, flyteCommand: inject("flyteCommand") }, plane);
  return onlySpecOf(plane);
}

function rendered(settings: GivenSettings, what: "task" | "python"): Promise<string> {
  return run("render", settings, { url: "http://localhost" }, ["--what", what]);
}

/** What the CLI's user gets who follows the words at the top of the file. */
async function deployedByHand(source: string, domain: string): Promise<JsonValue> {
  await using plane = await startControlPlane();
  const admin = { endpoint: `dns:///${new URL(plane.url).host}`, insecure: true };
  await using folder = await createFlyteFolder(inject("flyteCommand"), admin);
  await writeFile(join(folder.path, "build_image_task.py"), source);
  const [flyte, config, configFile, ...args] = commandIn(source);
  expect([flyte, config, configFile]).toEqual(["flyte", "--config", "<your-config.yaml>"]);
  const given: Record<string, string> = { "<version>": basis.appVersion, "<project>": "system", "<domain>": domain };
  const { exitCode, output } = await folder.run(args.map((word) => given[word] ?? word));
  expect(exitCode, output).toBe(0);
  return onlySpecOf(plane);
}

/** The words of the command that stands in the file's first comment, indented. */
function commandIn(source: string): string[] {
  const lines = source.split("\n").filter((line) => line.startsWith("#   "));
  return lines.flatMap((line) => line.slice(1).trim().split(/\s+/)).filter((word) => word !== "\\");
}

/** Runs the program with settings in a file, as JSON, which is YAML; what it printed. */
async function run(
  command: "register" | "render",
  settings: GivenSettings,
  { url: endpoint }: { url: string },
  flags: readonly string[] = [],
): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "conformance-"));
  const file = join(folder.path, "registrar.yaml");
  const controlPlane = { ...basis.controlPlane, endpoint };
  await writeFile(file, JSON.stringify({ ...basis, ...settings, controlPlane }));
  const { exitCode, stdout, stderr } = await runProgram([command, "--config", file, ...flags]);
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout;
}

function onlySpecOf(plane: ControlPlane): JsonValue {
  const [{ spec } = {}, ...others] = plane.registrations();
  expect(others).toEqual([]);
  if (!spec) throw new Error("nothing is registered");
  return toJson(TaskSpecSchema, spec);
}
