import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ImageSpec, ImageSpecSchema, LayerSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import { type BuildLab, missingForBuilds, startBuildLab } from "../../../testing/buildkit/real-build/build-lab.ts";
import type { ExecutedBuild } from "../../../testing/control-plane/build-behavior.ts";
import { always } from "../../registry/clients.ts";
import { pullImage } from "./pulled-image.ts";

const missing = await missingForBuilds();
if (missing) process.stderr.write(`SKIPPED: the tests of real builds: ${missing}\n`);

const env = (name: string, value: string) =>
  create(LayerSchema, { layer: { case: "env", value: { envVariables: { [name]: value } } } });
const run = (...cmd: string[]) => create(LayerSchema, { layer: { case: "commands", value: { cmd } } });
const install = (packages: readonly string[]) =>
  create(LayerSchema, { layer: { case: "pipPackages", value: { packages: [...packages] } } });

describe.skipIf(missing)("a real build", () => {
  let lab: BuildLab;
  beforeAll(async () => {
    const buildkitd = `${execFileSync(join(import.meta.dirname, "../../../tools/buildkit.sh"))}`.trim();
    lab = await startBuildLab({ registries: inject("registries"), buildkitd, uv: inject("uv") });
  });
  afterAll(async () => await lab[Symbol.asyncDispose]());

  const specOf = (layers: ImageSpec["layers"], baseImage = lab.build.baseImage) =>
    create(ImageSpecSchema, { baseImage, pythonVersion: lab.build.pythonVersion, layers });

  /** Builds, and keeps the log. */
  async function build(spec: ImageSpec, request: Partial<ExecutedBuild> = {}) {
    const lines: string[] = [];
    const log = (line: string) => {
      lines.push(line);
    };
    const outcome = await lab.execute({
      target: "smoke:1",
      frontend: lab.frontend,
      signal: always,
      spec,
      log,
      ...request,
    });
    return { outcome, log: lines.join("\n") };
  }

  test("of a variable alone has no layer of its own", async () => {
    const { outcome, log } = await build(specOf([env("SMOKE", 'costs "$5"')]), { target: "smoke:env" });
    expect(outcome, log).toEqual({ image: `${lab.repository}/smoke:env` });
    const { digest, ...pulled } = await pullImage(lab, `${lab.repository}/smoke:env`);
    expect(pulled).toEqual({ isOnBase: true, env: expect.arrayContaining(['SMOKE=costs "$5"']), added: [] });
    expect(log).toContain(`pushing manifest for ${lab.repository}/smoke:env@${digest}`);
  });

  test("of a package has the package in its layer, which uv took from the index of the base", async () => {
    const target = `${lab.registry.host}/team/smoke:pip`;
    const { outcome, log } = await build(specOf([env("SMOKE", "1"), install(lab.build.packages)]), { target });
    expect(outcome, log).toEqual({ image: target });
    expect(await pullImage(lab, target)).toMatchObject({
      isOnBase: true,
      env: expect.arrayContaining(["SMOKE=1"]),
      added: [expect.stringContaining("registrar_probe-1.0.dist-info/METADATA")],
    });
  });

  test("of the same layers again runs nothing, unless a layer before is another", async () => {
    const layers = [env("RUN", "first"), install(lab.build.packages)];
    await build(specOf(layers));
    const step = /^#(\d+) \[2\/2\] RUN uv pip install .*$\n#\1 (.*)$/m;
    expect(step.exec((await build(specOf(layers), { target: "smoke:2" })).log)?.[2]).toBe("CACHED");
    const other = [env("RUN", "second"), install(lab.build.packages)];
    expect(step.exec((await build(specOf(other))).log)?.[2]).toMatch(/Using Python/);
  });

  test.each<{ name: string; words: RegExp; spec?: () => ImageSpec; request?: () => Partial<ExecutedBuild> }>([
    // With a frontend that is an image, the last line names neither the base nor what was done: only the step does.
    {
      name: "a base that is not there",
      spec: () => specOf([env("A", "1")], `${lab.registry.host}/base/none:1`),
      words: /> \[internal\] load metadata for (\S+\/base\/none:1):[\s\S]*error: failed to solve: \1: not found/,
    },
    {
      name: "a base that may not be pulled",
      spec: () => specOf([env("A", "1")], `${lab.guarded.tokens.host}/base/python:1`),
      words:
        /> \[internal\] load metadata for \S+\/base\/python:1:[\s\S]*error: failed to solve: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed/,
    },
    {
      name: "a frontend that is not there",
      request: () => ({ frontend: `${lab.imageNamePrefix}/frontend-v2:9.9.9` }),
      words:
        /> resolve image config for docker-image:\/\/(\S+\/frontend-v2:9.9.9):[\s\S]*failed to solve: failed to resolve source metadata for \1: \1: not found/,
    },
    {
      name: "a command that fails",
      spec: () => specOf([run("echo nothing works >&2; exit 3")]),
      words:
        /nothing works[\s\S]*failed to solve: process "\/bin\/sh -c echo nothing works >&2; exit 3" did not complete successfully: exit code: 3/,
    },
  ])("fails for $name", async ({ spec, request, words }) => {
    const { outcome, log } = await build(spec?.() ?? specOf([env("A", "1")]), request?.());
    expect(log).toMatch(words);
    expect(outcome).toEqual({ error: expect.stringMatching(/^error: failed to solve: /) });
    expect(log).toContain("error" in outcome && outcome.error);
  });

  test("that is aborted leaves no process of its steps", async () => {
    const abort = new AbortController();
    const building = build(specOf([run("sleep 60")]), { signal: abort.signal });
    const steps = () => lab.buildkit.programs().filter((name) => name === "sleep" || /runc/.test(name));
    await expect.poll(steps, { timeout: 10_000 }).toContain("sleep");
    abort.abort();
    expect((await building).outcome).toHaveProperty("error");
    await expect.poll(steps).toEqual([]);
  });
});
