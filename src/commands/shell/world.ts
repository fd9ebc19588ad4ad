import type { OpenCluster } from "../../cluster/cluster.ts";
import type { Clock } from "../../system/clock.ts";
import type { RunProcess } from "../../system/process.ts";

/** Everything that commands take from outside, so that a test can be their world. */
export interface World {
  /** Version of this program. */
  version: string;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  /** Ends the run; its reason says why (`Interrupted`). */
  signal: AbortSignal;
  /** Folder of the program's own templates. */
  templateFolder: string;
  temporaryFolder: string;
  readFile(path: string): string;
  /** Readable by us alone: a support bundle may hold what is nobody else's business. */
  writeFile(path: string, content: Uint8Array): void;
  runProcess: RunProcess;
  /** What names this run among those of this machine, and whether one of that name still runs. */
  runId: string;
  isRunning(runId: string): boolean;
  openCluster: OpenCluster;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** Keeps the text for `kubectl describe pod`, where there is a place for it. */
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
