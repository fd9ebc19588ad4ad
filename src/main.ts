import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { Headers } from "headers-polyfill";
import packageJson from "../package.json" with { type: "json" };
import { runCli } from "./cli.ts";
import { Interrupted } from "./commands/shell/world.ts";
import { systemClock } from "./system/clock.ts";
import { deadlines } from "./system/deadlines.ts";
import { runProcess } from "./system/process.ts";

// The one file that reads process.*, sets signals and exits.

/** The kubelet makes this file; nowhere else is there one, and none is made. */
const terminationLog = "/dev/termination-log";

/** Beside the bundle, or beside src/ where the source runs. */
const besideUs = join(import.meta.dirname, "templates");
const templateFolder = existsSync(besideUs) ? besideUs : join(import.meta.dirname, "../templates");

// For the first of its own, which the Connect client makes for each request, Node loads all of its fetch: 20 ms.
Object.assign(globalThis, { Headers });

const controller = new AbortController();
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(name, () => {
    const interrupted = new Interrupted(name, constants.signals[name]);
    controller.abort(interrupted);
    setTimeout(() => process.exit(interrupted.exitCode), deadlines.exitAfterSignal.milliseconds).unref();
  });
}
// A reader that has gone (`registrar status | head -1`) is no failure of ours.
process.stdout.on("error", () => {});

const runId = `${process.pid}.${systemClock.date().getTime()}`;

/** In a container every run has the same process id, so one with ours is an earlier one. */
function isOthersProcess(id: number): boolean {
  try {
    return id !== process.pid && process.kill(id, 0);
  } catch (error) {
    // Another user's process runs all the same.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

process.exitCode = await runCli(process.argv.slice(2), {
  version: packageJson.version,
  clock: systemClock,
  environment: process.env,
  signal: controller.signal,
  templateFolder,
  temporaryFolder: tmpdir(),
  readFile: (path) => readFileSync(path, "utf8"),
  writeFile: (path, content) => writeFileSync(path, content, { mode: 0o600 }),
  runProcess: (request, signal) => runProcess(request, signal, { kill: process.kill, clock: systemClock }),
  runId,
  isRunning: (id) => id === runId || isOthersProcess(Number.parseInt(id, 10)),
  openCluster: async (...where) => (await import("./cluster/kubernetes.ts")).openCluster(...where),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  writeTerminationMessage: (text) => {
    try {
      writeFileSync(terminationLog, text, { flag: "r+" });
    } catch {
      // Not in a pod, or not writable for this user: the report on standard output says the same.
    }
  },
  colour: process.stdout.isTTY && !process.env["NO_COLOR"],
});
// The system's lookup of a name cannot be stopped.
setTimeout(() => process.exit(), deadlines.exitAfterWork.milliseconds).unref();
