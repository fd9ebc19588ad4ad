import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What a run of the CLI left. */
interface FlyteRun {
  readonly exitCode: number | undefined;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** A folder with the published task file and a CLI config, in which the real CLI is run. */
export interface FlyteFolder extends AsyncDisposable {
  readonly path: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<FlyteRun>;
}

/** Makes a folder whose `config.yaml` holds these settings of `admin`. */
export async function createFlyteFolder(
  flyteCommand: string,
  admin: Readonly<Record<string, unknown>>,
): Promise<FlyteFolder> {
  const path = await mkdtemp(join(tmpdir(), "flyte-cli-"));
  const task = { org: "testorg", project: "system", domain: "production" };
  // JSON is YAML.
  await writeFile(join(path, "config.yaml"), JSON.stringify({ admin, task, image: { builder: "local" } }));
  await copyFile(join(import.meta.dirname, "build_image_task.py"), join(path, "build_image_task.py"));
  const cleanEnvironment = {
    PATH: process.env["PATH"] ?? "",
    HOME: path,
    FLYTE_DISABLE_SENTRY: "true",
    FLYTE_DISABLE_TELEMETRY: "true",
    NO_COLOR: "1",
    TERM: "dumb",
  };
  return {
    path,
    async run(args, env = {}) {
      const { exitCode, all } = await execa(flyteCommand, ["--config", "config.yaml", ...args], {
        cwd: path,
        env: { ...cleanEnvironment, ...env },
        extendEnv: false,
        all: true,
        reject: false,
        stdin: "ignore",
        timeout: 50_000,
      });
      return { exitCode, output: all };
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
