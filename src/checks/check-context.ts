import type { Buildkit } from "../buildkit/ask-buildkit.ts";
import type { FindLogin } from "../buildkit/auth-session.ts";
import type { OpenCluster } from "../cluster/cluster.ts";
import type { Session } from "../control-plane/session.ts";
import type { Registries } from "../images/open-registries.ts";
import type { Address } from "../network/address.ts";
import type { Names } from "../network/name-service.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { GivenSettings, Invocation } from "../settings/parse-settings.ts";
import type { Settings } from "../settings/schema.ts";
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
  names: Names;
}

/** What the checks are built from. */
export interface CheckContext {
  invocation: Invocation;
  world: CheckWorld;
  /** The settings, or what was thrown when they were read: which checks there are depends on them. */
  parsed: { given: GivenSettings } | { error: unknown };
  /** Whether this is a pod, which resolves the names of Services. */
  isPod: boolean;
  /** Opens a session that gives up after a few seconds of retrying. Whoever runs the checks closes it after the last. */
  openSession(target: ControlPlaneTarget): Session;
  /** Opens a client of registries, which is closed after the last check too. */
  openRegistries(settings: Settings): Registries;
  /** Connects to buildkit; closed after the last check too. */
  openBuildkit(address: Address, findLogin: FindLogin | undefined, signal: AbortSignal): Promise<Buildkit>;
  /** Names a text that no output may show. */
  protect(secret: string): void;
  /** Is told of the settings as soon as they are read, and again once the appVersion is known. */
  onSettings(settings: Settings): void;
}
