import type { OpenCluster } from "../../cluster/cluster.ts";
import type { Clock } from "../../system/clock.ts";
import type { RunProcess } from "../../system/process.ts";
import type { Environment, ReadFile } from "../../system/surroundings.ts";

/** Everything that commands take from outside, so that a test can replace it. */
export interface World {
  /** Version of this program. */
  version: string;
  /** URL of this version's docs/errors.md; a relative path where the build sets none. */
  docsUrl: string;
  clock: Clock;
  environment: Environment;
  /** Ends the run; its reason says why (`Interrupted`). */
  signal: AbortSignal;
  /** Folder of the program's own templates. */
  templateFolder: string;
  temporaryFolder: string;
  readFile: ReadFile;
  /** Writes a file that only its owner can read: a support bundle may hold private data. */
  writeFile(path: string, content: Uint8Array): void;
  runProcess: RunProcess;
  /** Names this run among those of this machine. */
  runId: string;
  /** Whether the run of that name is still running. */
  isRunning(runId: string): boolean;
  openCluster: OpenCluster;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** Keeps the text for `kubectl describe pod`, in a pod. */
  writeTerminationMessage(text: string): void;
  /** Whether standard output shows colours. */
  colour: boolean;
}

/** A signal ended the run. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  /** @param signal e.g. `SIGTERM` @param number e.g. 15 */
  constructor(signal: string, number: number) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + number;
  }
}
