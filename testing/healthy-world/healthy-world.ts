import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import { define, specOf } from "../../src/definition/definition.ts";
import type { CheckReport } from "../../src/report/check-report.ts";
import { checkReportSchema } from "../../src/report/check-report.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../api-server/api-server.ts";
import type { NamespaceObjects } from "../api-server/objects.ts";
import { type StandInBuildkit, type StandInOptions, startBuildkit } from "../buildkit/stand-in/stand-in.ts";
import { type Authority, type CertificateRequest, createAuthority } from "../certificates/certificates.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../control-plane/start.ts";
import { type ProgramRun, runProgram } from "../program/run-program.ts";
import { imageContent, indexContent } from "../registry/image-content.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../registry/registry.ts";

/** The appVersion of the worlds. */
export const release = "2026.3.4";
const secret = "the-secret";

/** How a world is built differently from a healthy one. */
export interface WorldOptions {
  certificate?: CertificateRequest;
  plane?: Omit<ControlPlaneOptions, "tls">;
  /** The control plane speaks plain HTTP, and the settings know it. */
  isPlain?: boolean;
  /** Of ConfigMap build-image-config; undefined takes a key away. */
  buildConfig?: Record<string, string | undefined>;
  cluster?: ApiServerOptions;
  buildkit?: StandInOptions;
  registry?: RegistryOptions;
  /** What runs the program; the bundled one, as a process, unless told otherwise. */
  run?: (args: readonly string[], options: { env: Readonly<Record<string, string>> }) => Promise<ProgramRun>;
}

/** Everything that remote builds need, on real servers: tests then break one thing of it. */
export interface HealthyWorld extends AsyncDisposable {
  plane: ControlPlane;
  cluster: ApiServer;
  buildkit: StandInBuildkit;
  /** Has Union's images. */
  registry: Registry;
  /** Written to the `--config` file when the program starts. */
  settings: {
    [key: string]: unknown;
    controlPlane: Record<string, unknown>;
    task: Record<string, unknown>;
    registry: Record<string, unknown>;
  };
  /** In place of the settings. */
  settingsText: string | undefined;
  environment: Record<string, string>;
  authority: Authority;
  /** What this appVersion registers. */
  spec: TaskSpec;
  /** Writes a file next to the settings. @returns its path */
  write(name: string, text: string, mode?: number): Promise<string>;
  path(name: string): string;
  /** Runs `registrar check --output json`. */
  check(flags?: readonly string[]): Promise<CheckReport>;
  run(args: readonly string[]): Promise<ProgramRun>;
}

/** The appVersions in the registry: those that faults run with, too. */
const mirrored = [release, "2026.3.3", "2026.3.5", "nightly-7"];

const templateFile = join(import.meta.dirname, "../../templates/build_image_task.yaml.hbs");
const template = { file: templateFile, text: readFileSync(templateFile, "utf8") };

/** What settings register, stored as the program stores it. */
function specOfSettings(given: object): TaskSpec {
  const { task, release: helmRelease, controlPlane } = settingsSchema.parse(given);
  const definition = define({ appVersion: release, task, release: helmRelease }, template);
  const { project, domain } = task;
  return specOf(definition, { org: controlPlane.org ?? "", project, domain, name: "build-image", version: release });
}

/** Starts the servers and writes the files of a world in which every check passes. */
export async function startHealthyWorld({
  certificate = {},
  plane: planeOptions,
  isPlain = false,
  buildConfig = {},
  cluster = {},
  buildkit: buildkitOptions,
  registry: registryOptions,
  run = runProgram,
}: WorldOptions = {}): Promise<HealthyWorld> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "healthy-world-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const write = async (name: string, text: string, mode = 0o644) => {
    await writeFile(path(name), text, { mode });
    return path(name);
  };
  const tenYears = new Date(Date.now() + 3650 * 86_400_000);
  const authority = await createAuthority("Acme Root CA");
  const tls = await authority.issue({ notAfter: tenYears, ...certificate });
  const plane = stack.use(
    await startControlPlane({
      ...(!isPlain && { tls, oauth: { clientId: "registrar", clientSecret: secret } }),
      ...planeOptions,
    }),
  );
  const buildkit = stack.use(await startBuildkit(buildkitOptions));
  const registry = stack.use(await startRegistry(registryOptions));
  const image = indexContent([imageContent(), imageContent({ architecture: "arm64" })]);
  for (const name of ["build-image", "frontend-v2"]) {
    for (const tag of mirrored) registry.push(`union/${name}`, tag, image);
  }
  const task = { imageNamePrefix: `${registry.host}/union` };
  const spec = specOfSettings({ task });
  plane.store({ version: release, spec });
  const data = {
    "storage.yaml": "type: stow",
    "buildkit-uri": buildkit.uri,
    "default-repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/union",
    "authentication-type": "aws",
    ...buildConfig,
  };
  // As the data plane chart 2026.8.3 makes it with its defaults: one namespace, and an account that its PodTemplate names.
  const api = stack.use(
    await startApiServer({
      configMaps: { "build-image-config": withoutUndefined(data) },
      serviceAccounts: ["default", "union"],
      podTemplates: { "task-template": { serviceAccountName: "union" } },
      ...cluster,
    }),
  );
  const world: HealthyWorld = {
    plane,
    cluster: api,
    buildkit,
    registry,
    authority,
    spec,
    write,
    path,
    settingsText: undefined,
    environment: { KUBECONFIG: api.kubeconfig },
    settings: {
      appVersion: release,
      controlPlane: {
        endpoint: plane.url,
        ...(!isPlain && {
          caFile: await write("ca.crt", authority.certificatePem),
          auth: {
            type: "clientSecret",
            clientId: "registrar",
            clientSecretFile: await write("client_secret", `${secret}\n`),
          },
        }),
      },
      task,
      registry: { insecureHosts: [registry.host] },
    },
    async run(args) {
      const config = await write("registrar.yaml", world.settingsText ?? stringify(world.settings));
      return run([...args, "--config", config], { env: world.environment });
    },
    async check(flags = []) {
      const { stdout, stderr, exitCode } = await world.run(["check", ...flags, "--output", "json"]);
      if (stderr !== "") throw new Error(`the program wrote to stderr: ${stderr}`);
      const report = checkReportSchema.parse(JSON.parse(stdout));
      if (report.exitCode !== exitCode) throw new Error(`it says ${report.exitCode} and ended with ${exitCode}`);
      return report;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return world;
}

/** The label by which Union's operator knows the namespaces that it copies the ConfigMap into. */
const buildLabel = { "union.ai/namespace-type": "flyte" };

/**
 * Adds namespaces where builds run, as a data plane with several has them, and lets the settings find them by their label.
 * @param namespaces what differs in each from a sound one
 */
export function addBuildNamespaces({ cluster, settings }: HealthyWorld, namespaces: Record<string, NamespaceObjects>) {
  settings["cluster"] = { buildNamespaceSelector: "union.ai/namespace-type=flyte" };
  for (const [name, objects] of Object.entries(namespaces)) {
    const configMaps = structuredClone(cluster.configMaps);
    cluster.namespaces[name] = { labels: buildLabel, serviceAccounts: ["default", "union"], configMaps, ...objects };
  }
}

function withoutUndefined(data: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
