import type { OpenCluster } from "../../cluster/cluster.ts";
import type { Names } from "../../network/name-service.ts";
import type { Clock } from "../../system/clock.ts";
import type { RunProcess } from "../../system/process.ts";
import type { Environment, ReadFile } from "../../system/surroundings.ts";

/** Everything that commands take from outside, so that a test can replace it. */
export interface World {
  /** Version of this program. */
  version: string;
  /** URL of this version's docs/errors.md, if the build sets one. */
  docsUrl?: string | undefined;
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
  names: Names;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** Keeps the text for `kubectl describe pod`, in a pod. */
  writeTerminationMessage(text: string): void;
  /** Whether standard output is a terminal, which a person reads. */
  isTerminal: boolean;
  /** Whether standard output shows colours. */
  colour: boolean;
}
