import { execa } from "execa";
import type { HelmMajor } from "../chart/helm.ts";

/** How a run of Helm ended. */
export interface HelmRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds that Helm may take: as long as a hook of ours and its own timeout. */
const helmTime = 320_000;

/** Runs Helm on the cluster of the tests. It does not throw: many tests are about how Helm fails. */
export async function helm(major: HelmMajor, args: readonly string[], input = ""): Promise<HelmRun> {
  const { exitCode, stdout, stderr } = await execa(process.env[`HELM${major}`] ?? "helm", args, {
    input,
    reject: false,
    timeout: helmTime,
  });
  return { exitCode, stdout, stderr };
}
