import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployOutcome } from "../../src/control-plane/registrations.ts";
import { type Definition, define } from "../../src/definition/definition.ts";
import { renderPython } from "../../src/definition/python-file.ts";
import { type DeployRequest, deploy } from "../../src/flyte/deploy.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { systemClock } from "../../src/system/clock.ts";
import { type RunProcess, runProcess } from "../../src/system/process.ts";
import { scope } from "../control-plane/sessions.ts";

/** The version of the tests. */
export const version = "2026.3.4";

const template = (file: string) => ({
  file,
  text: readFileSync(join(import.meta.dirname, "../../templates", file), "utf8"),
});

/** The definition that these settings of the task give. */
export function definitionOf(task: object = {}): Definition {
  const settings = settingsSchema.parse({ appVersion: version, task });
  return define({ ...settings, appVersion: version }, template("build_image_task.yaml.hbs"));
}

/** The Python file of a definition. */
export function sourceOf(definition = definitionOf()): string {
  return renderPython(template("build_image_task.py.hbs"), definition);
}

/** A folder for temporary files, and deploys that use it. */
export interface Workshop extends AsyncDisposable {
  deploy(request: Pick<DeployRequest, "command" | "target"> & Partial<DeployRequest>): Promise<DeployOutcome>;
  /** What lies in the folder. */
  leftovers(): Promise<string[]>;
  /** What the CLI printed. */
  readonly output: readonly string[];
}

/** Makes a workshop. Programs are run for real unless told otherwise. */
export async function openWorkshop({
  run = (request, signal) => runProcess(request, signal, { kill: process.kill, clock: systemClock }),
  environment = process.env,
  signal = new AbortController().signal,
}: {
  readonly run?: RunProcess;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
} = {}): Promise<Workshop> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), "deploy-test-"));
  const output: string[] = [];
  const onOutput = (text: string) => output.push(text);
  return {
    output,
    leftovers: () => readdir(temporaryFolder),
    deploy: (request) =>
      deploy(
        { scope, version, source: sourceOf(), timeoutMilliseconds: 50_000, ...request },
        { runProcess: run, environment, temporaryFolder, runId: "1.1", signal, onOutput },
      ),
    [Symbol.asyncDispose]: () => rm(temporaryFolder, { recursive: true }),
  };
}
