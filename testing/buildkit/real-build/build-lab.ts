import { dirname, join } from "node:path";
import { missingForUv } from "../../base-image/uv-judge.ts";
import { createAuthority } from "../../certificates/certificates.ts";
import type { BuildBehavior } from "../../control-plane/build-behavior.ts";
import { cgroupName, removeCgroups } from "../../local-cluster/cgroups.ts";
import { makeWheel, startIndex, wheelProject } from "../../package-index/index-lab.ts";
import { pushImage } from "../../registry/push-image.ts";
import { type RealRegistry, type RegistryPrograms, startRealRegistry } from "../../registry/real-registry.ts";
import { startTokenServer } from "../../registry/token-server.ts";
import { type ClosedBuildkit, startClosedBuildkit } from "../closed/closed-buildkit.ts";
import { missingForLab } from "../lab/lab.ts";
import { createBuildExecutor } from "./build-executor.ts";
import { makeBaseImage, makeFrontendImage } from "./images.ts";

/** Why nothing can be built here; nothing where it can. */
export async function missingForBuilds(): Promise<string | undefined> {
  return (await missingForLab()) ?? missingForUv();
}

/** The programs that builds require, where the scripts of tools/ have put them. */
interface BuildPrograms {
  readonly registries: RegistryPrograms;
  /** Path of buildkitd; buildctl and dockerfile-frontend are next to it (tools/buildkit.sh). */
  readonly buildkitd: string;
  /** Path of uv (tools/uv.sh). */
  readonly uv: string;
}

/** A real buildkitd, a real registry and a package index, on which images are built. `await using` stops all of it. */
export interface BuildLab extends AsyncDisposable {
  readonly buildkit: ClosedBuildkit;
  readonly registry: RealRegistry;
  /** Registries that let nobody push who has no login, as the pods of builds have none here: by tokens, and by a password. */
  readonly guarded: { readonly tokens: RealRegistry; readonly password: RealRegistry };
  /** The default repository: `localhost:5000/union` */
  readonly repository: string;
  /** Prefix of the frontend's image, as of `task.imageNamePrefix`: `localhost:5000/imagebuilder` */
  readonly imageNamePrefix: string;
  readonly frontend: string;
  /** Settings of a registrar whose builds go through the lab, as variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings `build` with which a registrar builds here. */
  readonly build: { readonly baseImage: string; readonly pythonVersion: string; readonly packages: readonly string[] };
  /** Builds an image as the pod of the registered task does: `builds: { execute }` of a stand-in. */
  readonly execute: NonNullable<BuildBehavior["execute"]>;
}

/** Cgroups that the next run removes, if this one is killed. */
const config = `[worker.oci]\n  defaultCgroupParent = "/${cgroupName}/buildkit"\n`;

/** The appVersion of the data plane, which is the tag of the frontend. */
const appVersion = "2026.3.4";

/** Starts the lab. */
export async function startBuildLab(programs: BuildPrograms): Promise<BuildLab> {
  await using stack = new AsyncDisposableStack();
  const index = stack.use(await startIndex({ wheel: makeWheel() }));
  const registry = stack.use(await startRealRegistry("2.8", { programs: programs.registries }));
  const guarded = await startGuardedRegistries(programs.registries, stack);
  const tools = dirname(programs.buildkitd);
  const [base, frontend] = await Promise.all([
    makeBaseImage(programs.uv, index.url),
    makeFrontendImage(join(tools, "dockerfile-frontend")),
  ]);
  const servers = [index, registry, guarded.tokens, guarded.password];
  const ports = servers.map(({ url }) => Number(new URL(url).port));
  const { buildkitd } = programs;
  // The one thing that outlives a container of a build that is killed.
  stack.defer(removeCgroups);
  const buildkit = stack.use(await startClosedBuildkit({ buildkitd, config, ports }));
  await Promise.all([
    pushImage(registry.url, "base/python", base.pythonVersion, base.content),
    pushImage(registry.url, "imagebuilder/frontend-v2", appVersion, frontend),
  ]);
  const repository = `${registry.host}/union`;
  const imageNamePrefix = `${registry.host}/imagebuilder`;
  const { pythonVersion } = base;
  const build = { baseImage: `${registry.host}/base/python:${pythonVersion}`, pythonVersion, packages: [wheelProject] };
  const started = stack.move();
  return {
    buildkit,
    registry,
    guarded,
    repository,
    imageNamePrefix,
    frontend: `${imageNamePrefix}/frontend-v2:${appVersion}`,
    build,
    env: {
      REGISTRAR_APP_VERSION: appVersion,
      REGISTRAR_TASK_IMAGE_NAME_PREFIX: imageNamePrefix,
      REGISTRAR_BUILD_BASE_IMAGE: build.baseImage,
      REGISTRAR_BUILD_PYTHON_VERSION: build.pythonVersion,
      REGISTRAR_BUILD_PACKAGES: JSON.stringify(build.packages),
    },
    execute: createBuildExecutor({ buildctl: join(tools, "buildctl"), buildkit: buildkit.uri, repository }),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function startGuardedRegistries(
  programs: RegistryPrograms,
  stack: AsyncDisposableStack,
): Promise<BuildLab["guarded"]> {
  const ca = await createAuthority("Acme Root CA");
  const login = { username: "builder", password: "not known to builds" };
  const { realm } = stack.use(await startTokenServer({ signer: await ca.issue(), login }));
  const auth = { realm, rootCertificate: ca.certificatePem };
  return {
    tokens: stack.use(await startRealRegistry("2.8", { programs, auth })),
    password: stack.use(await startRealRegistry("2.8", { programs, auth: "basic" })),
  };
}
