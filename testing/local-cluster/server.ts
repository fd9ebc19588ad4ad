import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A server of the cluster. It runs until the enclosure that it is in ends. */
export interface Server {
  /** Throws, with the end of its log, where it has ended by itself. */
  ensureRuns(): void;
}

/** Starts a server with its output in `<folder>/<its name>.log`. */
export function startServer(program: string, args: readonly string[], folder: string): Server {
  const log = join(folder, `${program}.log`);
  const output = openSync(log, "w");
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", output, output] });
  closeSync(output);
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  return {
    ensureRuns() {
      if (failure) throw failure;
      if (child.exitCode === null && child.signalCode === null) return;
      throw new Error(`${program} has ended:\n${readFileSync(log, "utf8").slice(-2_000)}`);
    },
  };
}
