import type { DeployOutcome } from "../control-plane/registrations.ts";
import { problem } from "../findings/registrar-error.ts";
import { trustedCertificates } from "../network/start-tls.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { TaskScope } from "../settings/task-scope.ts";
import { createPrivateFolder } from "../system/private-folder.ts";
import type { RunProcess } from "../system/process.ts";
import { flyteConfig } from "./cli-config.ts";
import { createFlyteEnvironment } from "./cli-environment.ts";
import { toPlainText } from "./cli-output.ts";
import { deployFailure } from "./deploy-failures.ts";

/** What a deploy depends on. */
export interface DeployDependencies {
  runProcess: RunProcess;
  environment: Readonly<Record<string, string | undefined>>;
  /** Folder for temporary files. */
  temporaryFolder: string;
  runId: string;
  signal: AbortSignal;
  /** Called with the CLI's output, for `--verbose`. */
  onOutput: (output: string) => void;
}

/** One deploy. */
export interface DeployRequest {
  command: string;
  target: ControlPlaneTarget;
  scope: TaskScope;
  version: string;
  /** The rendered `build_image_task.py`. */
  source: string;
  timeoutMilliseconds: number;
}

/**
 * Runs `flyte deploy` on a rendered file. All files that it needs are in a private folder, which is removed afterwards.
 * `--copy-style none`: a container task has no code to upload, so neither bucket nor queue routing is needed.
 * `--no-sync-local-sys-paths`: otherwise the stored spec depends on where it is deployed from.
 * @throws {RegistrarError} flyte-missing, and the codes in deploy-failures.ts; the signal's reason
 */
export async function deploy(request: DeployRequest, dependencies: DeployDependencies): Promise<DeployOutcome> {
  const { target, scope, version, timeoutMilliseconds, command } = request;
  await using folder = await createPrivateFolder(dependencies);
  const { credentials, certificateAuthorities } = target;
  const files = {
    home: folder.path,
    clientSecret:
      credentials.type === "clientSecret" ? await folder.write("client-secret", credentials.clientSecret) : "",
    certificateAuthorities: certificateAuthorities
      ? await folder.write("ca.pem", trustedCertificates(certificateAuthorities).join("\n"))
      : "",
  };
  const config = await folder.write("config.yaml", flyteConfig(target, scope, files));
  await folder.write("build_image_task.py", request.source);
  const result = await dependencies.runProcess(
    {
      command,
      args: [
        "--config",
        config,
        "deploy",
        "--copy-style",
        "none",
        "--no-sync-local-sys-paths",
        "--version",
        version,
        "--project",
        scope.project,
        "--domain",
        scope.domain,
        "build_image_task.py",
        "build_image_task_env",
      ],
      cwd: folder.path,
      environment: createFlyteEnvironment(dependencies.environment, target, files),
      timeoutMilliseconds,
    },
    dependencies.signal,
  );
  dependencies.onOutput(toPlainText(`${result.stdout}\n${result.stderr}`));
  if (result.exitCode === undefined) throw problem("flyte-missing", { command }, result.startFailure);
  if (result.exitCode !== 0 || result.timedOut) {
    const proxy = target.proxy?.url.origin ?? "";
    throw deployFailure(result, { endpoint: target.endpoint.url, proxy, ...scope, credentials, timeoutMilliseconds });
  }
  return /Task \S+ already exists, skipping/.test(result.stderr) ? "already there" : "registered";
}
