import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { imageListReportSchema } from "../../../src/images/image-list-report.ts";
import { startClosedBuildkit } from "../../../testing/buildkit/closed/closed-buildkit.ts";
import { missingForLab } from "../../../testing/buildkit/lab/lab.ts";
import { type HealthyWorld, startHealthyWorld } from "../../../testing/healthy-world/healthy-world.ts";
import { runProgram } from "../../../testing/program/run-program.ts";
import { startMirrorLab } from "../../../testing/registry/mirror-lab.ts";

const missing = await missingForLab();
if (missing) process.stderr.write(`SKIPPED: the test of a buildkitd without a way out: ${missing}\n`);

const buildkitd = () => `${execFileSync(join(import.meta.dirname, "../../../tools/buildkit.sh"))}`.trim();
const users = {
  baseImages: [{ image: "python:3.12-slim" }],
  pythonVersions: ["3.12"],
  sdkVersion: "2.12.1",
  architecture: "amd64",
};

/** What `check --category images` says of it. */
async function imagesOf(world: HealthyWorld) {
  const { checks, exitCode } = await world.check(["--category", "images", "--fail-on", "warning"]);
  return { exitCode, codes: checks.flatMap(({ finding }) => finding?.code ?? []), checks };
}

describe.skipIf(missing)("a buildkitd whose network has no way out", () => {
  test("pulls nothing, until the images are mirrored and the printed values are set", async () => {
    await using lab = await startMirrorLab(inject("registries"));
    const port = Number(new URL(lab.mirrorUrl).port);
    const to = `localhost:${port}/union`;
    const insecure = ["--registry-insecure-hosts", `["localhost:${port}"]`];
    await using alone = await startClosedBuildkit({ buildkitd: buildkitd(), config: "", ports: [port] });
    await using world = await startHealthyWorld({ buildConfig: { "buildkit-uri": alone.uri } });
    Object.assign(world.settings, { appVersion: "2026.8.3", task: {}, builds: users });

    const before = await imagesOf(world);
    expect(before).toMatchObject({ exitCode: 1, codes: ["pull-name-unknown"] });
    const why = before.checks.flatMap(({ finding }) => finding?.why ?? []).join("\n");
    for (const host of ["public.ecr.aws", "ghcr.io", "registry-1.docker.io"]) expect(why).toContain(`lookup ${host}`);

    const tools = { ...lab.env, PATH: `${inject("registryTools")}:${process.env["PATH"]}` };
    const noProxy = ["--control-plane-no-proxy", "localhost"];
    const mirrored = await runProgram(["images", "mirror", ...lab.flags, "--to", to, ...insecure, ...noProxy], {
      env: tools,
    });
    expect(mirrored, mirrored.stdout).toMatchObject({ exitCode: 0 });
    const listed = await runProgram(["images", ...lab.flags, "--to", to, ...insecure, "--format", "json"]);
    const { values } = imageListReportSchema.parse(JSON.parse(listed.stdout));
    const { imageBuilder } = parse(values?.dataPlaneValues ?? "");

    const config = imageBuilder.buildkit.extraConfig;
    await using closed = await startClosedBuildkit({ buildkitd: buildkitd(), config, ports: [port] });
    const data = world.cluster.configMaps["build-image-config"] ?? {};
    data["buildkit-uri"] = closed.uri;
    Object.assign(world.settings, parse(values?.registrarValues ?? ""));
    const after = await imagesOf(world);
    expect(after, JSON.stringify(after.checks, null, 2)).toMatchObject({ exitCode: 0, codes: [] });
    const pulled = after.checks.find(({ category, name }) => category === "images" && name === "buildkit");
    expect(pulled?.detail.split("; ")).toEqual([
      `${to}/frontend-v2:2026.8.3`,
      "ghcr.io/flyteorg/flyte:py3.12-v2.12.1",
      "docker.io/library/python:3.12-slim",
    ]);
  });
});
