import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Definition, define } from "../../src/definition/definition.ts";
import { type DeployOutcome, type DeployRequest, deploy } from "../../src/flyte/deploy.ts";
import { type RunProcess, runProcess } from "../../src/flyte/process.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { scope } from "../control-plane-client/sessions.ts";

/** The version of the tests. */
export const version = "2026.3.4";

/** What our own template gives for these settings of the task. */
export function definitionOf(task: object = {}): Definition {
  const file = join(import.meta.dirname, "../../templates/build_image_task.py.hbs");
  const settings = settingsSchema.parse({ appVersion: version, task });
  return define({ ...settings, appVersion: version }, { file, text: readFileSync(file, "utf8"), own: true });
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
  run = (request, signal) => runProcess(request, signal, process.kill),
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
        { scope, version, source: definitionOf().source, timeout: 50_000, ...request },
        { runProcess: run, environment, temporaryFolder, signal, onOutput },
      ),
    [Symbol.asyncDispose]: () => rm(temporaryFolder, { recursive: true }),
  };
}
