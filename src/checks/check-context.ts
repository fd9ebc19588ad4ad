import type { OpenCluster } from "../cluster/cluster.ts";
import type { Session } from "../control-plane/session.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { Clock } from "../system/clock.ts";
import type { RunProcess } from "../system/process.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";

/** What checks take from outside. */
export interface CheckWorld {
  clock: Clock;
  environment: Environment;
  readFile: ReadFile;
  /** Folder of the program's own templates. */
  templateFolder: string;
  temporaryFolder: string;
  runProcess: RunProcess;
  openCluster: OpenCluster;
}

/** Opens a session that gives up after a few seconds of retrying. Whoever runs the checks closes it after the last. */
export type OpenSession = (target: ControlPlaneTarget) => Session;
