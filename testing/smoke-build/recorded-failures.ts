import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { BuildEvidence, BuildSubject } from "../../src/smoke-build/build-evidence.ts";

const recordings = join(import.meta.dirname, "../recordings");

const buildSchema = z.object({
  exit: z.int(),
  failingStep: z.string().nullable(),
  stepError: z.string().nullable(),
  error: z.string(),
  tail: z.string().nullable(),
});
const buildsSchema = z.object({ texts: z.record(z.string(), z.record(z.string(), buildSchema)) });
const uvSchema = z.object({ texts: z.record(z.string(), z.string()) });

/** The end of the log of a build that failed. */
export interface RecordedLog {
  /** `push, with credentials: ecr-none` */
  name: string;
  log: string;
}

/** What buildctl 0.34.2 printed of each build that failed; where only the parts are recorded, in the layout that it has. */
export function recordedBuilds(): RecordedLog[] {
  const { texts } = buildsSchema.parse(read("buildkit-build-0.34.2.json"));
  return Object.entries(texts).flatMap(([group, builds]) =>
    Object.entries(builds)
      .filter(([, { exit }]) => exit !== 0)
      .map(([name, { tail, failingStep, stepError, error }]) => ({
        name: `${group}: ${name}`,
        log: tail ?? progressOf(failingStep, stepError, error),
      })),
  );
}

/** What versions of uv print when they fail. */
export function recordedUv(): RecordedLog[] {
  return Object.entries(uvSchema.parse(read("uv-failures.json")).texts).map(([name, log]) => ({ name, log }));
}

/** A step of a program that failed, as buildctl shows it: each line with the seconds since the start of the step. */
export function failedStepLog(output: string, command = "uv pip install six"): string {
  const lines = output.split("\n").map((line) => `0.082 ${line}`);
  const process = `process "/bin/sh -c ${command}" did not complete successfully: exit code: 2`;
  return progressOf(`[2/2] RUN ${command}`, process, `error: failed to solve: ${process}`, lines);
}

/** The plain progress of buildctl around an error. Source: the recorded tails. */
function progressOf(
  step: string | null,
  stepError: string | null,
  error: string,
  output: readonly string[] = [],
): string {
  if (step === null) return `#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n\n${error}\n`;
  const printed = output.map((line) => `#5 ${line}`);
  const progress = [`#5 ${step}`, ...printed, `#5 ERROR: ${stepError}`, "------", ` > ${step}:`, ...output, "------"];
  return `#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n\n${progress.join("\n")}\n${error}\n`;
}

/** Bytes of a log that the kubelet keeps as a termination message. */
const keptBytes = 2048;

/** A log as the error of a run has it: cut by the kubelet, worded by Flyte. */
export function asRunError(log: string): string {
  const kept = Buffer.from(log).subarray(-keptBytes).toString();
  return `\r\n[main] terminated with exit code (1). Reason [Error]. Message: \n${kept}.`;
}

/** A run that has failed, as far as it is not said otherwise. */
export function failedRun(evidence: Partial<BuildEvidence>): BuildEvidence {
  return { phase: "failed", hasEnded: true, seconds: 30, error: "", abortReason: "", events: [], log: "", ...evidence };
}

/** What the recorded builds build. */
export const anySubject: BuildSubject = {
  project: "flytesnacks",
  domain: "development",
  run: "smoke-abc",
  identity: "registrar",
  buildImage: "registry.example:5000/imagebuilder/build-image:2026.3.4",
  frontend: "registry.example:5000/imagebuilder/frontend-v2:2026.3.4",
  baseImage: "registry.example:5000/base/busybox:1",
  pythonVersion: "3.12",
  packages: ["six"],
  target: "union/smoke:smoke",
  configMap: "build-image-config",
};

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(recordings, file), "utf8"));
}
