import { execFileSync } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { LayerSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { runReportSchema } from "../../../src/report/run-report.ts";
import { buildWithSdk } from "../../../testing/build-requests/sdk-build.ts";
import { createBuildExecutor } from "../../../testing/buildkit/real-build/build-executor.ts";
import { type BuildLab, missingForBuilds, startBuildLab } from "../../../testing/buildkit/real-build/build-lab.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "../../../testing/control-plane/start.ts";
import { runInProcess } from "../../../testing/program/run-in-process.ts";
import { startProgram } from "../../../testing/program/run-program.ts";
import { pullImage } from "./pulled-image.ts";

const missing = await missingForBuilds();
if (missing) process.stderr.write(`SKIPPED: the tests of builds from upload to push: ${missing}\n`);

const place = { project: "flytesnacks", domain: "development" };
const oauth = { clientId: "registrar", clientSecret: "the-secret" };

type Environment = Readonly<Record<string, string>>;

describe.skipIf(missing)("a build from upload to push", () => {
  let lab: BuildLab;
  let buildkitd: string;
  beforeAll(async () => {
    buildkitd = `${execFileSync(join(import.meta.dirname, "../../../tools/buildkit.sh"))}`.trim();
    lab = await startBuildLab({ registries: inject("registries"), buildkitd, uv: inject("uv") });
  });
  afterAll(async () => await lab[Symbol.asyncDispose]());

  const environmentOf = ({ url }: ControlPlane, changed: Environment): Environment => ({
    REGISTRAR_CONTROL_PLANE_ENDPOINT: url,
    REGISTRAR_CONTROL_PLANE_ORG: "acme",
    REGISTRAR_BUILD_PROJECTS: `[${place.project}/${place.domain}]`,
    ...lab.env,
    ...changed,
  });

  /** A control plane whose runs build in the lab, with the task registered. */
  async function startPlane(changed: Environment = {}, options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const projects = [{ id: "system" }, { id: place.project }];
    const plane = await startControlPlane({ projects, builds: { execute: lab.execute }, ...options });
    const { exitCode, stdout } = await runInProcess(["register"], { env: environmentOf(plane, changed) });
    expect(exitCode, stdout).toBe(0);
    return plane;
  }

  /** What `verify --build` reports. */
  async function verify(plane: ControlPlane, changed: Environment = {}) {
    const env = environmentOf(plane, changed);
    const { stdout } = await runInProcess(["verify", "--build", "--output", "json"], { env });
    return runReportSchema.parse(JSON.parse(stdout));
  }

  test("by the SDK is in the registry", async () => {
    await using plane = await startPlane();
    const image = { ...place, ...lab.build, name: "by-sdk", env: { SMOKE: "1" } };
    const { exitCode, output } = await buildWithSdk(inject("flyteCommand"), plane, image);
    expect(exitCode, output).toBe(0);
    const [{ inputs, phase } = {}] = plane.builds.runs();
    expect(phase).toBe("succeeded");
    const { env, added } = await pullImage(lab, `${lab.repository}/${inputs?.["target_image"]}`);
    expect({ env, added }).toEqual({
      env: expect.arrayContaining(["SMOKE=1"]),
      added: [expect.stringContaining("registrar_probe-1.0.dist-info/METADATA")],
    });
  });

  test("by verify --build installs the package each time, and leaves one image", async () => {
    await using plane = await startPlane();
    const digests: string[] = [];
    for (let time = 0; time < 2; time++) {
      const { exitCode, builds: [build] = [] } = await verify(plane);
      expect({ exitCode, build }).toMatchObject({ exitCode: 0, build: { state: "built", notes: [] } });
      const { digest, isOnBase, added } = await pullImage(lab, build?.image ?? "");
      expect({ digest, isOnBase, added }).toEqual({
        digest: build?.digest,
        isOnBase: true,
        added: [expect.stringContaining("registrar_probe-1.0.dist-info/METADATA")],
      });
      digests.push(digest);
    }
    expect(new Set(digests).size).toBe(2);
    const tags = await (await fetch(`${lab.registry.url}/v2/union/registrar-smoke/tags/list`)).json();
    expect(tags).toEqual({ name: "union/registrar-smoke", tags: ["smoke"] });
  });

  test("by verify --build of a variable alone adds no layer", async () => {
    await using plane = await startPlane();
    const { builds: [build] = [] } = await verify(plane, {
      REGISTRAR_BUILD_PACKAGES: "[]",
      REGISTRAR_BUILD_REGISTRY: `${lab.registry.host}/team`,
      REGISTRAR_BUILD_TAG: "unique",
    });
    expect(build?.image).toMatch(new RegExp(`^${lab.registry.host}/team/registrar-smoke:[0-9a-z]{16}$`));
    const { env, added } = await pullImage(lab, build?.image ?? "");
    expect(env).toContainEqual(expect.stringMatching(/^IMAGE_BUILDER_REGISTRAR_SMOKE=smoke-/));
    expect(added).toEqual([]);
  });

  test("by verify --build goes through TLS, OAuth and a data plane with an endpoint of its own", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "build-chain-"));
    const authority = await createAuthority("Acme Root CA");
    const [caFile, secretFile] = [join(folder.path, "ca.pem"), join(folder.path, "secret")];
    await writeFile(caFile, authority.certificatePem);
    await writeFile(secretFile, oauth.clientSecret);
    const secured = {
      REGISTRAR_CONTROL_PLANE_CA_FILE: caFile,
      REGISTRAR_CONTROL_PLANE_AUTH_TYPE: "clientSecret",
      REGISTRAR_CONTROL_PLANE_AUTH_CLIENT_ID: oauth.clientId,
      REGISTRAR_CONTROL_PLANE_AUTH_CLIENT_SECRET_FILE: secretFile,
    };
    const options = { tls: await authority.issue(), oauth, separateDataPlane: true };
    await using plane = await startPlane(secured, options);
    const { exitCode, builds, findings } = await verify(plane, secured);
    expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
    const endpoints = plane.requests.map(({ method, endpoint }) => `${method} ${endpoint}`);
    expect(endpoints).toContain("DataProxyService/UploadInputs data-plane");
    expect((await pullImage(lab, builds?.[0]?.image ?? "")).digest).toBe(builds?.[0]?.digest);
  });

  test.each<[code: Code, changed: () => Environment]>([
    ["build-base-not-pulled", () => ({ REGISTRAR_BUILD_BASE_IMAGE: `${lab.registry.host}/base/none:1` })],
    ["build-base-not-pulled", () => ({ REGISTRAR_BUILD_BASE_IMAGE: `${lab.guarded.tokens.host}/base/python:1` })],
    ["build-frontend-not-pulled", () => ({ REGISTRAR_TASK_IMAGE_NAME_PREFIX: `${lab.registry.host}/none` })],
    ["build-push-denied", () => ({ REGISTRAR_BUILD_REGISTRY: `${lab.guarded.tokens.host}/union` })],
    ["build-push-not-logged-in", () => ({ REGISTRAR_BUILD_REGISTRY: `${lab.guarded.password.host}/union` })],
    ["build-python-missing", () => ({ REGISTRAR_BUILD_PYTHON_VERSION: "3.13" })],
    ["build-index-unreachable", () => ({ REGISTRAR_BUILDS_PACKAGE_INDEX: "http://127.0.0.1:9/simple" })],
    ["build-package-missing", () => ({ REGISTRAR_BUILD_PACKAGES: "[no-such-package]" })],
  ])("by verify --build fails with %s", async (code, changed) => {
    await using plane = await startPlane(changed());
    const { exitCode, findings } = await verify(plane, changed());
    expect({ exitCode, code: findings[0]?.code }, JSON.stringify(findings, null, 2)).toEqual({ exitCode: 1, code });
  });

  test("by verify --build fails with buildkit-refused where nobody listens at buildkit's address", async () => {
    const surroundings = { buildctl: join(buildkitd, "../buildctl"), repository: lab.repository };
    const execute = createBuildExecutor({ ...surroundings, buildkit: "tcp://127.0.0.1:9" });
    await using plane = await startPlane({}, { builds: { execute } });
    expect((await verify(plane)).findings[0]?.code).toBe("buildkit-refused");
  });

  /** The programs that steps of builds run. */
  const steps = () => lab.buildkit.programs().filter((program) => /sleep|runc/.test(program));

  const executeForAMinute: BuildLab["execute"] = ({ spec, ...build }) => {
    const wait = create(LayerSchema, { layer: { case: "commands", value: { cmd: ["sleep 60"] } } });
    return lab.execute({ ...build, spec: { ...spec, layers: [...spec.layers, wait] } });
  };

  test.each(["SIGTERM", "SIGINT"] as const)(
    "by verify --build that gets %s leaves no run and no step",
    async (name) => {
      await using plane = await startPlane({}, { builds: { execute: executeForAMinute } });
      const running = startProgram(["verify", "--build"], { env: environmentOf(plane, {}) });
      await expect.poll(steps, { timeout: 20_000 }).toContain("sleep");
      running.kill(name);
      const { exitCode, stdout } = await running;
      expect(stdout).toContain("aborted");
      expect(exitCode).not.toBe(0);
      expect(plane.builds.runs()).toMatchObject([{ phase: "aborted" }]);
      await expect.poll(steps, { timeout: 5_000 }).toEqual([]);
    },
  );

  // The last test, since it ends the lab's buildkitd.
  test("by verify --build fails with build-buildkit-lost if buildkit is killed meanwhile", async () => {
    await using plane = await startPlane({}, { builds: { execute: executeForAMinute } });
    const verifying = verify(plane);
    await expect.poll(steps, { timeout: 20_000 }).toContain("sleep");
    await lab.buildkit[Symbol.asyncDispose]();
    const { findings } = await verifying;
    expect(findings[0]?.code, JSON.stringify(findings, null, 2)).toBe("build-buildkit-lost");
  });
});
