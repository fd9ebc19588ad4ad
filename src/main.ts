import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Headers } from "headers-polyfill";
import packageJson from "../package.json" with { type: "json" };
import { runCli } from "./cli.ts";
import { clusterOpener } from "./cluster/open-cluster.ts";
import { exitCodes } from "./findings/catalog/code-entry.ts";
import { systemNames } from "./network/name-service.ts";
import { systemClock } from "./system/clock.ts";
import { deadlines } from "./system/deadlines.ts";
import { Interrupted } from "./system/interrupted.ts";
import { runProcess } from "./system/process.ts";

// The one file that reads process.*, sets signals and exits.

/** Set by the build (tools/bundle.ts); not defined when run from source. */
declare const DOCS_URL: string | undefined;

/** The kubelet creates this file; it is not created elsewhere. */
const terminationLog = "/dev/termination-log";

/** Next to the bundle, or next to src/ when run from source. */
const bundledTemplates = join(import.meta.dirname, "templates");
const templateFolder = existsSync(bundledTemplates) ? bundledTemplates : join(import.meta.dirname, "../templates");

// The Connect client creates Headers for each request; for its own, Node loads all of fetch, which takes 20 ms.
Object.assign(globalThis, { Headers });

const controller = new AbortController();
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(name, () => {
    const interrupted = new Interrupted(name, constants.signals[name]);
    controller.abort(interrupted);
    setTimeout(() => process.exit(interrupted.exitCode), deadlines.exitAfterSignal.milliseconds).unref();
  });
}

/** Ends a program that cannot report: without the error's message, which nothing has taken the secrets out of. */
function giveUp(error: Error): void {
  const frames = error.stack?.split("\n").filter((line) => /^ +at /.test(line)) ?? [];
  process.stderr.write(`${["internal-error", error.name, ...frames].join("\n")}\n`);
  process.exit(exitCodes.failed);
}

// A bug in a listener ends the run as any other error does: it is reported, and policy.failure applies.
let givingUp: NodeJS.Timeout | undefined;
process.on("uncaughtException", (error) => {
  controller.abort(error);
  givingUp ??= setTimeout(giveUp, deadlines.exitAfterSignal.milliseconds, error);
});
// A closed pipe (`registrar status | head -1`) is not an error.
process.stdout.on("error", () => {});

const runId = `${process.pid}.${systemClock.date().getTime()}`;

/** In a container every run has the same process id: one with ours is an earlier run. */
function isOthersProcess(id: number): boolean {
  try {
    return id !== process.pid && process.kill(id, 0);
  } catch (error) {
    // The process of another user is running too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Writes a file that only its owner can read in place of what is there: a link or a file that others made could show it to them. */
function replaceFile(path: string, content: Uint8Array): void {
  // A device is what it is.
  if (resolve(path).startsWith("/dev/")) {
    writeFileSync(path, content);
    return;
  }
  const part = `${path}.${runId}`;
  try {
    writeFileSync(part, content, { mode: 0o600, flag: "wx" });
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

const readFile = (path: string) => readFileSync(path);

void runCli(process.argv.slice(2), {
  version: packageJson.version,
  docsUrl: typeof DOCS_URL === "undefined" ? undefined : DOCS_URL,
  clock: systemClock,
  environment: process.env,
  signal: controller.signal,
  templateFolder,
  temporaryFolder: tmpdir(),
  readFile,
  writeFile: replaceFile,
  runProcess: (request, signal) => runProcess(request, signal, { kill: process.kill, clock: systemClock }),
  runId,
  isRunning: (id) => id === runId || isOthersProcess(Number.parseInt(id, 10)),
  names: systemNames,
  openCluster: clusterOpener(process.env, readFile, () => import("./cluster/kubernetes.ts")),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  writeTerminationMessage: (text) => {
    try {
      writeFileSync(terminationLog, text, { flag: "r+" });
    } catch {
      // Not in a pod, or not writable for this user; standard output has the same report.
    }
  },
  isTerminal: process.stdout.isTTY === true,
  colour: process.stdout.isTTY && !process.env["NO_COLOR"],
}).then((exitCode) => {
  clearTimeout(givingUp);
  process.exitCode = exitCode;
  // The system's lookup of a name cannot be stopped.
  setTimeout(() => process.exit(), deadlines.exitAfterWork.milliseconds).unref();
}, giveUp);
