import { expect, inject, test } from "vitest";
import * as z from "zod";
import { type BuildRequest, compareRequests } from "../../testing/build-requests/compare-requests.ts";
import { judgeDifferences } from "../../testing/build-requests/known-differences.ts";
import { buildWithSdk, type SdkImage } from "../../testing/build-requests/sdk-build.ts";
import { seenRequests } from "../../testing/build-requests/seen-requests.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";

const place = { project: "flytesnacks", domain: "development" };

const uploadSchema = z.object({
  imageSpec: z.object({
    baseImage: z.string(),
    pythonVersion: z.string(),
    layers: z.tuple([
      z.object({ env: z.object({ envVariables: z.record(z.string(), z.string()) }) }),
      z.object({ pipPackages: z.object({ packages: z.array(z.string()) }) }),
    ]),
  }),
});

test("verify --build sends what the SDK's build of the same image sends, apart from the known differences", async () => {
  const ours = await requestsOf((plane) => run(plane, ["verify", "--build"]));
  const { imageSpec } = uploadSchema.parse(ours.find(({ method }) => method === "PUT upload")?.request);
  const [{ env }, { pipPackages }] = imageSpec.layers;
  const image: SdkImage = { ...place, ...imageSpec, ...pipPackages, name: "registrar-smoke", env: env.envVariables };
  const sdk = await requestsOf(async (plane) => {
    const { exitCode, output } = await buildWithSdk(inject("flyteCommand"), plane, image);
    expect(exitCode, output).toBe(0);
  });
  expect(judgeDifferences(compareRequests(sdk, ours))).toEqual({ unknown: [], stale: [] });
});

/** What a control plane is asked by a build, once the task is registered. */
async function requestsOf(build: (plane: ControlPlane) => Promise<void>): Promise<BuildRequest[]> {
  // The log is read while the build's pod runs.
  const builds = { phaseMilliseconds: 600 };
  await using plane = await startControlPlane({ builds, projects: [{ id: "system" }, { id: place.project }] });
  await run(plane, ["register"]);
  const { length } = plane.calls;
  await build(plane);
  return seenRequests(plane).slice(length);
}

async function run({ url }: ControlPlane, words: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runInProcess([
    ...words,
    "--control-plane-endpoint",
    url,
    "--control-plane-org",
    "acme",
    "--app-version",
    "2026.3.4",
    "--build-projects",
    `[${place.project}/${place.domain}]`,
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
}
