import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";

const recordings = join(import.meta.dirname, "../../testing/recordings/flyte-cli-2.12.1.json");
const recordedCall = z.object({ case: z.string(), exitCode: z.int(), stdout: z.string(), stderr: z.string() });

/** There is something to register, and the flyte CLI writes it. */
function writeWith(flyteCommand: string, { settings }: HealthyWorld): void {
  settings["appVersion"] = "2026.3.5";
  settings["release"] = { cluster: "prod-eu" };
  settings["flyteCommand"] = flyteCommand;
  settings.task["deployWith"] = "flyte";
}

/** In place of the flyte CLI a script, which is this version of it. */
const deploysBy = (script: string) => async (world: HealthyWorld) => {
  const text = `#!/bin/sh\n[ "$1" = --version ] && exec echo 'flyte, version 2.12.1'\n${script}\n`;
  writeWith(await world.write("flyte", text, 0o755), world);
};

/** What the flyte CLI said in a recorded call, then how the call ends. */
const saysAsIn = (name: string, end?: string) => async (world: HealthyWorld) => {
  const calls = z.array(recordedCall).parse(JSON.parse(await readFile(recordings, "utf8")));
  const call = calls.find((one) => one.case === name);
  if (!call) throw new Error(`no recorded call is ${name}`);
  const stdout = await world.write("stdout", call.stdout);
  const stderr = await world.write("stderr", call.stderr);
  await deploysBy(`cat ${stdout}; cat ${stderr} >&2; ${end ?? `exit ${call.exitCode}`}`)(world);
};

/** The real flyte CLI, whose Python finds this in place of the package kubernetes. */
const withKubernetes = (flyteCommand: string, files: readonly string[]) => async (world: HealthyWorld) => {
  await mkdir(world.path("python/kubernetes"), { recursive: true });
  for (const file of files) await world.write(`python/kubernetes/${file}`, "");
  const text = `#!/bin/sh\nPYTHONPATH=${world.path("python")} exec ${flyteCommand} "$@"\n`;
  writeWith(await world.write("flyte", text, 0o755), world);
};

/** What only the flyte CLI can show, where it writes in place of the program. */
export function flyteFaults(flyteCommand: string): readonly Fault[] {
  return [
    {
      fault: "the Python environment of the flyte CLI lacks the package kubernetes",
      code: "flyte-without-kubernetes",
      command: ["register"],
      inject: saysAsIn("49-no-kubernetes"),
    },
    {
      fault: "the package kubernetes of the flyte CLI lacks its client",
      code: "flyte-without-kubernetes",
      command: ["register"],
      inject: withKubernetes(flyteCommand, ["__init__.py"]),
    },
    {
      fault: "the package kubernetes of the flyte CLI lacks what the task file imports",
      code: "flyte-file-refused",
      command: ["register"],
      inject: withKubernetes(flyteCommand, ["__init__.py", "client.py"]),
    },
    {
      fault: "the flyte CLI requires a login in a browser and waits for it",
      code: "flyte-wants-browser",
      command: ["register", "--timeouts-flyte", "1s"],
      inject: saysAsIn("77-pkce-headless", "exec sleep 60"),
    },
    {
      fault: "the flyte CLI does not find its CA file",
      code: "flyte-failed",
      command: ["register"],
      inject: saysAsIn("61-tlsbadca-get"),
    },
    {
      fault: "the kernel kills the flyte CLI",
      code: "flyte-killed",
      command: ["register"],
      inject: deploysBy("kill -KILL $$"),
    },
    {
      fault: "the flyte CLI does not end",
      code: "flyte-timeout",
      command: ["register", "--timeouts-flyte", "1s", "--timeouts-control-plane", "1s"],
      inject: deploysBy("exec sleep 60"),
    },
  ];
}
