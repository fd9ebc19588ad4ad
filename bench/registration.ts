// Prints side by side, from one run against the stand-in: Node alone, a bare Connect program, the manual procedure, our first
// registration and our run that finds nothing to do, also where 10 and 10,000 versions are registered on a server whose
// lookup grows as the real one's does. Rounds alternate, so a slow moment of the machine hits all alike.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type ControlPlane, startControlPlane } from "../testing/control-plane/start.ts";
import { type Measurement, measure, medians, sum } from "./measure.ts";

const rounds = 9;
const root = join(import.meta.dirname, "..");
const flyteCommand = execFileSync(join(root, "tools/python-env.sh"), { encoding: "utf8" }).trim();
const program = join(root, "dist/registrar.mjs");
const folder = mkdtempSync(join(tmpdir(), "registrar-bench-"));
const bare = join(folder, "bare-connect.mjs");
const options = {
  cwd: folder,
  env: { PATH: process.env["PATH"] ?? "", HOME: folder, APP_VERSION: "2026.3.4", NO_COLOR: "1" },
};

/** Milliseconds by which the real server's ListTasks grew for 1,000 versions: 35 ms with few, 130 ms with 10,000. */
const lookupMsPerThousand = 9.5;

/** A row of the table: what was run, what it took, how many requests the control plane saw a run. */
interface Row {
  name: string;
  runs: Measurement[];
  calls: number;
}

try {
  await build({
    entryPoints: [join(import.meta.dirname, "bare-connect.ts")],
    outfile: bare,
    logLevel: "error",
    bundle: true,
    platform: "node",
    format: "esm",
    minify: true,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  print(await runAll());
} finally {
  rmSync(folder, { recursive: true });
}

async function runAll(): Promise<Row[]> {
  const names = [
    "node -e 0",
    "bare Connect program",
    "manual procedure",
    "first registration",
    "the same, deployWith flyte",
    "no-op run",
    "no-op, 10 registrations",
    "no-op, 10,000 registrations",
  ];
  const rows = names.map((name): Row => ({ name, runs: [], calls: 0 }));
  const [node, connect, manual, first, flyte, again, few, many] = rows;
  if (!node || !connect || !manual || !first || !flyte || !again || !few || !many) throw new Error("a row is missing");
  await using ten = await startControlPlane({ registrations: 10, lookupMsPerThousand });
  await using tenThousand = await startControlPlane({ registrations: 10_000, lookupMsPerThousand });
  copyFileSync(join(root, "testing/manual-procedure/build_image_task.py"), join(folder, "build_image_task.py"));
  await registrar(ten);
  await registrar(tenThousand);
  for (let round = 0; round < rounds; round++) {
    {
      await using controlPlane = await startControlPlane();
      await record(manual, controlPlane, () => manualProcedure(controlPlane));
    }
    {
      await using controlPlane = await startControlPlane();
      const flags = ["--task-deploy-with", "flyte", "--flyte-command", flyteCommand];
      await record(flyte, controlPlane, () => registrar(controlPlane, flags));
    }
    await using controlPlane = await startControlPlane();
    await record(first, controlPlane, () => registrar(controlPlane));
    await record(again, controlPlane, () => registrar(controlPlane));
    await record(connect, controlPlane, () => measure(process.execPath, [bare, controlPlane.url], options));
    await record(node, controlPlane, () => measure(process.execPath, ["-e", "0"], options));
    await record(few, ten, () => registrar(ten));
    await record(many, tenThousand, () => registrar(tenThousand));
  }
  return rows;
}

async function record(row: Row, controlPlane: ControlPlane, run: () => Promise<Measurement>): Promise<void> {
  const before = controlPlane.calls.length;
  const measurement = await run();
  if (measurement.exitCode !== 0) throw new Error(`${row.name} ended with ${measurement.exitCode}`);
  row.runs.push(measurement);
  row.calls = controlPlane.calls.length - before;
}

/** As documented: `flyte deploy` with the default copy style, then `flyte get task` to verify. */
async function manualProcedure(controlPlane: ControlPlane): Promise<Measurement> {
  const host = new URL(controlPlane.url).host;
  const config = {
    admin: { endpoint: `dns:///${host}`, insecure: true },
    task: { org: "acme" },
    image: { builder: "local" },
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const scope = ["--project", "system", "--domain", "production"];
  const deploy = ["--config", "config.yaml", "deploy", "--version", "2026.3.4", ...scope];
  return sum([
    await measure(flyteCommand, [...deploy, "build_image_task.py", "build_image_task_env"], options),
    await measure(flyteCommand, ["--config", "config.yaml", "get", "task", ...scope], options),
  ]);
}

function registrar(controlPlane: ControlPlane, more: readonly string[] = []): Promise<Measurement> {
  const flags = ["--control-plane-endpoint", controlPlane.url, "--control-plane-org", "acme"];
  return measure(process.execPath, [program, "register", ...flags, "--release-cluster", "bench", ...more], options);
}

function print(rows: readonly Row[]): void {
  const of = (name: string) => medians(rows.find((row) => row.name === name)?.runs ?? []);
  const [manual, connect] = [of("manual procedure"), of("bare Connect program")];
  const line = (cells: readonly string[]) =>
    `${cells[0]?.padEnd(29)}${cells
      .slice(1)
      .map((cell) => cell.padStart(11))
      .join("")}\n`;
  let text = line(["", "wall s", "to manual", "to bare", "CPU s", "peak MB", "requests"]);
  for (const { name, runs, calls } of rows) {
    const { wall, cpu, memory } = medians(runs);
    const ratios = [manual, connect].map((base) => (wall / base.wall).toFixed(3));
    text += line([name, wall.toFixed(3), ...ratios, cpu.toFixed(2), memory.toFixed(0), String(calls)]);
  }
  text += `\nMedians of ${rounds} alternating rounds (memory: the largest of all, of the largest process).\n`;
  process.stdout.write(text);
}
