import { ge, lt, valid } from "@renovatebot/pep440";
import { problem } from "../findings/registrar-error.ts";
import { deadlines } from "../system/deadlines.ts";
import type { RunProcess } from "../system/process.ts";

/** Versions that cannot deploy a ContainerTask. Tested: 2.5.14 and 2.9.0 can, 2.5.15 and 2.8.1 cannot. */
const unsuitable = { from: "2.5.15", before: "2.9.0" };
/** Versions that register the hash of an empty string as cache key. Tested: 2.11.4 does, 2.12.0 does not. */
const outdated = { before: "2.12.0" };

const timeoutMilliseconds = deadlines.flyteVersion.milliseconds;

/**
 * Ensures that the flyte CLI can deploy build-image.
 * @returns its version
 * @throws {RegistrarError} flyte-missing, flyte-timeout, flyte-version-unknown, flyte-unsuitable, flyte-outdated; the signal's reason
 */
export async function requireSuitableFlyte(
  command: string,
  world: {
    runProcess: RunProcess;
    environment: Readonly<Record<string, string | undefined>>;
    temporaryFolder: string;
  },
  signal: AbortSignal,
): Promise<string> {
  const environment = { PATH: world.environment["PATH"] ?? "", FLYTE_DISABLE_SENTRY: "true" };
  const request = { command, args: ["--version"], cwd: world.temporaryFolder, environment, timeoutMilliseconds };
  const { exitCode, stdout, stderr, startFailure, timedOut } = await world.runProcess(request, signal);
  if (timedOut) throw problem("flyte-timeout", { seconds: timeoutMilliseconds / 1000 });
  if (exitCode !== 0) throw problem("flyte-missing", { command }, startFailure ?? (stderr || `exit code ${exitCode}`));
  const version = /\bversion:?\s+(\S+)/i.exec(stdout)?.[1];
  if (version === undefined) throw problem("flyte-missing", { command }, `it says: ${stdout.trim()}`);
  ensureSuitable(version, command);
  return version;
}

/** Versions of Python packages are ordered by their own rules (PEP 440): `2.0.0b52` < `2.0.0` < `2.0.0.post1`. */
function ensureSuitable(version: string, command: string): void {
  if (!valid(version)) throw problem("flyte-version-unknown", { command }, `it says: version ${version}`);
  if (ge(version, unsuitable.from) && lt(version, unsuitable.before)) throw problem("flyte-unsuitable", {}, version);
  if (lt(version, outdated.before)) throw problem("flyte-outdated", { version });
}
