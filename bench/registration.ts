// Prints side by side, from one run against the stand-in: the manual procedure, our first registration, our no-op run,
// and the no-op run over 10 and over 10,000 registrations. Rounds alternate, so a slow moment of the machine hits all alike.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlPlane, startControlPlane } from "../test/control-plane/start.ts";
import { type Measurement, measure, medians, sum } from "./measure.ts";

const rounds = 9;
const root = join(import.meta.dirname, "..");
const flyteCommand = execFileSync(join(root, "tools/python-env.sh"), { encoding: "utf8" }).trim();
const program = join(root, "dist/registrar.mjs");
const folder = mkdtempSync(join(tmpdir(), "registrar-bench-"));
const options = {
  cwd: folder,
  env: { PATH: process.env["PATH"] ?? "", HOME: folder, APP_VERSION: "2026.3.4", NO_COLOR: "1" },
};

/** A row of the table: what was run, what it took, how many requests the control plane saw a run. */
interface Row {
  name: string;
  runs: Measurement[];
  calls: number;
}

try {
  const rows = await runAll();
  print(rows);
} finally {
  rmSync(folder, { recursive: true });
}

async function runAll(): Promise<Row[]> {
  const manual: Row = { name: "manual procedure", runs: [], calls: 0 };
  const first: Row = { name: "first registration", runs: [], calls: 0 };
  const again: Row = { name: "no-op run", runs: [], calls: 0 };
  const few: Row = { name: "no-op, 10 registrations", runs: [], calls: 0 };
  const many: Row = { name: "no-op, 10,000 registrations", runs: [], calls: 0 };
  await using ten = await startControlPlane({ registrations: 10 });
  await using tenThousand = await startControlPlane({ registrations: 10_000 });
  copyFileSync(join(root, "test/control-plane/fixtures/build_image_task.py"), join(folder, "build_image_task.py"));
  await registrar(ten);
  await registrar(tenThousand);
  for (let round = 0; round < rounds; round++) {
    {
      await using controlPlane = await startControlPlane();
      await record(manual, controlPlane, () => manualProcedure(controlPlane));
    }
    await using controlPlane = await startControlPlane();
    await record(first, controlPlane, () => registrar(controlPlane));
    await record(again, controlPlane, () => registrar(controlPlane));
    await record(few, ten, () => registrar(ten));
    await record(many, tenThousand, () => registrar(tenThousand));
  }
  return [manual, first, again, few, many];
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

function registrar(controlPlane: ControlPlane): Promise<Measurement> {
  const flags = [
    "--control-plane-endpoint",
    controlPlane.url,
    "--control-plane-org",
    "acme",
    "--flyte-command",
    flyteCommand,
  ];
  return measure(process.execPath, [program, "register", ...flags], options);
}

function print(rows: readonly Row[]): void {
  const [manual, , , few] = rows.map(({ runs }) => medians(runs));
  const line = (cells: readonly string[]) =>
    `${cells[0]?.padEnd(29)}${cells
      .slice(1)
      .map((cell) => cell.padStart(11))
      .join("")}\n`;
  let text = line(["", "wall s", "ratio", "CPU s", "peak MB", "requests"]);
  for (const { name, runs, calls } of rows) {
    const { wall, cpu, memory } = medians(runs);
    const base = name.includes("10,000") ? few : manual;
    const ratio = base ? (wall / base.wall).toFixed(3) : "";
    text += line([name, wall.toFixed(3), ratio, cpu.toFixed(2), memory.toFixed(0), String(calls)]);
  }
  text += `\nMedians of ${rounds} alternating rounds (memory: the largest). Ratios are to the manual procedure; that of 10,000\n`;
  text += "registrations is to 10. Memory is that of the largest process.\n";
  process.stdout.write(text);
}
