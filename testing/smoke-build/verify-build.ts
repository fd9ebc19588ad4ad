import { type RunReport, runReportSchema } from "../../src/report/run-report.ts";
import type { BuildBehavior } from "../control-plane/build-behavior.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../control-plane/start.ts";
import { runInProcess } from "../program/run-in-process.ts";

export const appVersion = "2026.3.4";

/** A control plane with this definition registered. */
export async function startPlane(builds: BuildBehavior = {}, options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const projects = ["system", "flytesnacks", "a", "b"].map((id) => ({ id }));
  const plane = await startControlPlane({ builds, projects, ...options });
  plane.store({ version: appVersion });
  return plane;
}

/** Runs `verify --build` in this process. */
export async function runBuild(plane: ControlPlane, flags: readonly string[] = []): Promise<RunReport> {
  const where = ["--control-plane-endpoint", plane.url, "--control-plane-org", "acme", "--release-cluster", "test"];
  const args = ["verify", "--build", ...where, "--app-version", appVersion, ...flags, "--output", "json"];
  const { stdout, stderr, exitCode } = await runInProcess(args);
  if (stderr !== "") throw new Error(stderr);
  const report = runReportSchema.parse(JSON.parse(stdout));
  if (report.exitCode !== exitCode) throw new Error(`it says ${report.exitCode} and ended with ${exitCode}`);
  return report;
}

/** The codes of its findings, in their order. */
export const codesOf = ({ findings }: RunReport) => findings.map(({ code }) => code);

/** The names of the requests of builds that arrived, in order. */
export const requestsOf = ({ requests }: ControlPlane) => requests.map(({ method }) => method);
