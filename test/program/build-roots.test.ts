import { expect, test } from "vitest";
import { runReportSchema } from "../../src/report/run-report.ts";
import { messageOf } from "../../testing/buildkit/recording.ts";
import { startHealthyWorld, type WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";
import { asRunError, recordedBuilds } from "../../testing/smoke-build/recorded-failures.ts";

const frontendUnknown = recordedBuilds().find(({ name }) => name.startsWith("pull: public-ecr-aws"))?.log ?? "";
const failing = { plane: { builds: { end: "failed", error: asRunError(frontendUnknown) } } } as const;

/** What a failing build is told by: codes in their order, and the steps. */
async function explained(options: WorldOptions) {
  await using world = await startHealthyWorld({ run: runInProcess, ...options });
  const { stdout } = await world.run(["verify", "--build", "--output", "json"]);
  const { findings, steps } = runReportSchema.parse(JSON.parse(stdout));
  return { codes: findings.map(({ code }) => code), steps: steps.map(({ name }) => name) };
}

test("a cause that a check knows is shown before what the build has met", async () => {
  const buildkit = { reply: () => ({ message: messageOf("no such name") }) };
  const { codes } = await explained({ ...failing, buildkit });
  expect(codes).toEqual(["pull-name-unknown", "build-frontend-not-pulled"]);
});

test("a cause that checks find too is shown once", async () => {
  const { codes } = await explained({
    buildConfig: { "buildkit-uri": "tcp://127.0.0.1:9" },
    plane: {
      builds: {
        end: "failed",
        error: asRunError(recordedBuilds().find(({ name }) => name === "buildkit: tcp---127-0-0-1-1")?.log ?? ""),
      },
    },
  });
  expect(codes).toEqual(["buildkit-refused"]);
});

test("what a check may not read is no cause", async () => {
  const { codes } = await explained({ ...failing, cluster: { forbidden: ["GET configmaps/build-image-config"] } });
  expect(codes).toEqual(["build-frontend-not-pulled"]);
});

test("a refused push is not explained by checks, which know nothing of it", async () => {
  const denied = recordedBuilds().find(({ name }) => name === "push, with credentials: ecr-pull-only")?.log ?? "";
  const { codes, steps } = await explained({ plane: { builds: { end: "failed", error: asRunError(denied) } } });
  expect(codes).toEqual(["build-push-denied"]);
  expect(steps).not.toContain("check");
});
