import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { ExecutedBuild, ExecutionResult } from "../../control-plane/build-behavior.ts";
import { dockerfileOf } from "./dockerfile.ts";

/** Where builds are done. */
interface Surroundings {
  /** Path of buildctl. */
  readonly buildctl: string;
  /** `tcp://127.0.0.1:1234` */
  readonly buildkit: string;
  /** The default repository: `localhost:5000/union` */
  readonly repository: string;
}

/** What a container gets between SIGTERM and SIGKILL; buildctl ends at the first one. */
const graceMilliseconds = 2_000;

/** Does what the image of the registered task does, by a real buildctl in place of a pod. */
export function createBuildExecutor({ buildctl, buildkit, repository }: Surroundings) {
  return async ({ spec, target, frontend, log, signal }: ExecutedBuild): Promise<ExecutionResult> => {
    const image = target.includes("/") ? target : `${repository}/${target}`;
    await using folder = await mkdtempDisposable(join(tmpdir(), "build-"));
    await writeFile(join(folder.path, "Dockerfile"), dockerfileOf(spec));
    const args = [
      `--addr=${buildkit}`,
      "build",
      "--progress=plain",
      "--frontend=gateway.v0",
      `--opt=source=${frontend}`,
      `--local=context=${folder.path}`,
      `--local=dockerfile=${folder.path}`,
      `--output=type=image,name=${image},push=true`,
    ];
    // Its home has no login of the person who runs the tests.
    const child = execa(buildctl, args, {
      cwd: folder.path,
      env: { HOME: folder.path, PATH: process.env["PATH"] ?? "" },
      extendEnv: false,
      detached: true,
      cleanup: false,
      stdin: "ignore",
      reject: false,
      all: true,
    });
    const ended = new AbortController();
    const stop = () => void endGroup(child.pid, ended.signal);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    for await (const line of child.iterable({ from: "all" })) log(line);
    const { exitCode, all } = await child;
    signal.removeEventListener("abort", stop);
    ended.abort();
    return exitCode === 0
      ? { image }
      : { error: /^error: [\s\S]*/m.exec(all)?.[0] ?? `buildctl has ended: ${exitCode}` };
  };
}

async function endGroup(leader: number | undefined, ended: AbortSignal): Promise<void> {
  if (leader === undefined) return;
  process.kill(-leader, "SIGTERM");
  try {
    await sleep(graceMilliseconds, undefined, { signal: ended, ref: false });
    process.kill(-leader, "SIGKILL");
  } catch {
    // It ended in time.
  }
}
