import * as z from "zod";
import { problem } from "../findings/registrar-error.ts";
import { oneLine } from "../network/one-line.ts";
import { deadlines } from "../system/deadlines.ts";
import { parseJson } from "../system/parse-json.ts";
import type { RunProcess } from "../system/process.ts";
import type { Secret } from "./docker-config.ts";

/** How credential helpers are run. */
export interface HelperRunner {
  runProcess: RunProcess;
  /** Helpers of clouds read their credentials from it. */
  environment: Readonly<Record<string, string>>;
  cwd: string;
}

/** What a helper is asked for. */
export interface HelperQuestion {
  /** `ecr-login` */
  helper: string;
  host: string;
  /** The Docker configuration that names it. */
  file: string;
}

const answerSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

/** https://github.com/docker/docker-credential-helpers, credentials/error.go: what helpers print for a host that they do not know. */
const notFound = /credentials not found/i;

/**
 * Asks a program for a login: `docker-credential-<helper> get`, with the host on standard input
 * (https://github.com/docker/docker-credential-helpers).
 * @returns nothing if the helper has no login for the host
 * @throws {RegistrarError} registry-login-helper-missing, registry-login-helper-failed
 */
export async function askHelper(
  { helper, host, file }: HelperQuestion,
  { runProcess, environment, cwd }: HelperRunner,
  signal: AbortSignal,
): Promise<Secret | undefined> {
  const command = `docker-credential-${helper}`;
  const args = { helper: command, host, file };
  const timeoutMilliseconds = deadlines.registryLoginHelper.milliseconds;
  // The key under which docker login stores a login to Docker Hub.
  const input = `${host === "docker.io" ? "https://index.docker.io/v1/" : host}\n`;
  const result = await runProcess({ command, args: ["get"], cwd, environment, input, timeoutMilliseconds }, signal);
  const { exitCode, stdout, stderr, timedOut, startFailure } = result;
  if (exitCode === undefined) throw problem("registry-login-helper-missing", args, startFailure);
  if (timedOut) {
    const why = `it did not end within ${timeoutMilliseconds / 1000} s`;
    throw problem("registry-login-helper-failed", args, why);
  }
  if (exitCode !== 0) {
    // Helpers print errors to standard output.
    const words = oneLine(`${stdout} ${stderr}`);
    if (notFound.test(words)) return undefined;
    throw problem("registry-login-helper-failed", args, `it ended with ${exitCode}${words && `: ${words}`}`);
  }
  // The output may hold a password, so nothing of it is shown.
  const { data: answer } = answerSchema.safeParse(parseJson(stdout));
  if (!answer) throw problem("registry-login-helper-failed", args, "it printed no JSON with Username and Secret");
  return answer.Username === "<token>"
    ? { kind: "identity-token", token: answer.Secret }
    : { kind: "password", username: answer.Username, password: answer.Secret };
}
