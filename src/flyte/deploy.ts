import type { DeployOutcome } from "../control-plane/registrations.ts";
import type { TaskScope } from "../definition/task-scope.ts";
import { problem } from "../findings/registrar-error.ts";
import { trustedCertificates } from "../network/start-tls.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";
import { createPrivateFolder } from "../system/private-folder.ts";
import type { RunProcess } from "../system/process.ts";
import { flyteConfig } from "./cli-config.ts";
import { flyteEnvironment } from "./cli-environment.ts";
import { plainText } from "./cli-output.ts";
import { deployFailure } from "./deploy-failures.ts";

/** What a deploy needs of the world. */
export interface DeployDependencies {
  runProcess: RunProcess;
  environment: Readonly<Record<string, string | undefined>>;
  /** Folder for temporary files. */
  temporaryFolder: string;
  runId: string;
  signal: AbortSignal;
  /** Is told what the CLI printed, for `--verbose`. */
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
 * Runs `flyte deploy` on a rendered file, with everything it needs in a private folder that is gone afterwards.
 * `--copy-style none`: a container task carries no code, so no bucket and no queue routing are needed.
 * `--no-sync-local-sys-paths`: the stored spec then does not depend on where it was deployed from.
 * @throws {RegistrarError} by the table of failures.ts; the signal's reason
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
      ? await folder.write("authorities.pem", trustedCertificates(certificateAuthorities).join("\n"))
      : "",
  };
  const config = await folder.write("config.yaml", flyteConfig(target, scope, files));
  await folder.write("build_image_task.py", request.source);
  const result = await dependencies.runProcess(
    {
      command,
      args: [
        ...["--config", config, "deploy", "--copy-style", "none", "--no-sync-local-sys-paths", "--version", version],
        ...["--project", scope.project, "--domain", scope.domain, "build_image_task.py", "build_image_task_env"],
      ],
      cwd: folder.path,
      environment: flyteEnvironment(dependencies.environment, target, files),
      timeoutMilliseconds,
    },
    dependencies.signal,
  );
  dependencies.onOutput(plainText(`${result.stdout}\n${result.stderr}`));
  if (result.exitCode === undefined) throw problem("flyte-missing", { command }, result.startFailure);
  if (result.exitCode !== 0 || result.timedOut) {
    const proxy = target.proxy?.url.origin ?? "";
    throw deployFailure(result, { endpoint: target.endpoint.url, proxy, ...scope, credentials, timeoutMilliseconds });
  }
  return /Task \S+ already exists, skipping/.test(result.stderr) ? "already there" : "registered";
}
