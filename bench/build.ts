// Prints side by side, from one run against the stand-in: `flyte build`, `registrar verify --build` of the same image and
// `registrar verify` alone, for builds that take no time and four seconds. Rounds alternate, so a slow moment of the machine hits all
// alike.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SdkImage, sdkBuildArguments, writeSdkBuild } from "../testing/build-requests/sdk-build.ts";
import { type ControlPlane, startControlPlane } from "../testing/control-plane/start.ts";
import { type Measurement, measure, medians } from "./measure.ts";

const rounds = 7;
const root = join(import.meta.dirname, "..");
const flyteCommand = execFileSync(join(root, "tools/python-env.sh"), { encoding: "utf8" }).trim();
const program = join(root, "dist/registrar.mjs");
const folder = mkdtempSync(join(tmpdir(), "registrar-bench-"));
const options = { cwd: folder, env: { PATH: process.env["PATH"] ?? "", HOME: folder, NO_COLOR: "1" } };
const image: SdkImage = {
  name: "registrar-smoke",
  baseImage: "python:3.12-slim",
  pythonVersion: "3.12",
  env: { SMOKE: "1" },
  packages: ["peppercorn"],
  project: "flytesnacks",
  domain: "development",
};

/** A row of the table: what is run, for how long a build, and what it took. */
interface Row {
  name: string;
  /** Seconds that the build itself takes. */
  build: number;
  run: (plane: ControlPlane) => Promise<Measurement>;
  runs: Measurement[];
  /** Requests that the control plane sees. */
  calls: number;
}

const rows: readonly Row[] = [0, 4].flatMap((build) => [
  row("flyte build", build, flyte),
  row("verify --build", build, (plane) => registrar(plane, "verify", "--build")),
  row("verify", build, (plane) => registrar(plane, "verify")),
]);

try {
  for (let round = 0; round < rounds; round++) for (const each of rows) await record(each);
  print();
} finally {
  rmSync(folder, { recursive: true });
}

function row(name: string, build: number, run: Row["run"]): Row {
  return { name, build, run, runs: [], calls: 0 };
}

/** On a stand-in of its own, which knows no image. */
async function record(each: Row): Promise<void> {
  const projects = [{ id: "system" }, { id: image.project }];
  const builds = { phaseMilliseconds: (each.build * 1000) / 4 };
  await using plane = await startControlPlane({ projects, builds });
  await registrar(plane, "register");
  const before = plane.calls.length;
  const measurement = await each.run(plane);
  if (measurement.exitCode !== 0) throw new Error(`${each.name} ended with ${measurement.exitCode}`);
  each.runs.push(measurement);
  each.calls = plane.calls.length - before;
}

async function flyte(plane: ControlPlane): Promise<Measurement> {
  await writeSdkBuild(folder, plane, image);
  return await measure(flyteCommand, ["--config", "config.yaml", ...sdkBuildArguments], options);
}

function registrar({ url }: ControlPlane, ...words: readonly string[]): Promise<Measurement> {
  const place = ["--control-plane-endpoint", url, "--control-plane-org", "acme", "--app-version", "2026.3.4"];
  const build = ["--build-projects", `[${image.project}/${image.domain}]`, "--build-base-image", image.baseImage];
  const flags = words.includes("--build") ? [...place, ...build] : place;
  return measure(process.execPath, [program, ...words, ...flags], options);
}

function print(): void {
  const line = (cells: readonly string[]) =>
    `${cells[0]?.padEnd(16)}${cells
      .slice(1)
      .map((cell) => cell.padStart(13))
      .join("")}\n`;
  let text = line(["", "build s", "wall s", "over it s", "to flyte", "CPU s", "peak MB", "requests"]);
  for (const { name, build, runs, calls } of rows) {
    const { wall, cpu, memory } = medians(runs);
    const over = wall - build;
    const flyteOver = medians(rows.find((other) => other.build === build)?.runs ?? []).wall - build;
    const isBuild = name !== "verify";
    const cells = isBuild ? [over.toFixed(3), (over / flyteOver).toFixed(3)] : ["", ""];
    text += line([name, `${build}`, wall.toFixed(3), ...cells, cpu.toFixed(2), memory.toFixed(0), String(calls)]);
  }
  text += `\nMedians of ${rounds} alternating rounds (memory: the largest of all, of the largest process).\n`;
  process.stdout.write(text);
}
