// Prints side by side, from one run: `registrar check` where all is well, where each answer takes 200 ms, and where the
// control plane or all of it swallows packets, each with the time within which it must end.
import { join } from "node:path";
import { stringify } from "yaml";
import { openBlackHole } from "../testing/black-hole/black-hole.ts";
import { type HealthyWorld, startHealthyWorld } from "../testing/healthy-world/healthy-world.ts";
import { type Measurement, measure, medians } from "./measure.ts";

const rounds = 5;
const root = join(import.meta.dirname, "..");
const program = join(root, "dist/registrar.mjs");

/**
 * A row of the table. Limits are in seconds: where all is well one second and the seven answers that wait for each other, else the
 * deadline of a run of checks.
 */
interface Row {
  name: string;
  limit: number;
  exitCode: number;
  world: HealthyWorld;
  runs: Measurement[];
}

await using stack = new AsyncDisposableStack();
const hole = stack.use(await openBlackHole());
const rows: Row[] = [
  await row("all is well", 1, 0, {}),
  await row("each answer takes 200 ms", 1 + 7 * 0.2, 0, { latencyMs: 200 }),
  await row("control plane: no answer", 30, 3, {}, (world) => {
    world.settings.controlPlane["endpoint"] = `https://${hole.address}`;
  }),
  await row("API server, buildkit and it: none", 30, 3, {}, async (world) => {
    world.settings.controlPlane["endpoint"] = `https://${hole.address}`;
    const cluster = { name: "c", cluster: { server: `https://${hole.address}` } };
    const context = { name: "x", context: { cluster: "c", user: "u" } };
    const config = { clusters: [cluster], contexts: [context], users: [{ name: "u" }], "current-context": "x" };
    world.environment["KUBECONFIG"] = await world.write("kubeconfig", JSON.stringify(config));
  }),
];
const node: Measurement[] = [];
for (let round = 0; round < rounds; round++) {
  node.push(await measure(process.execPath, ["-e", "0"], { cwd: root, env: {} }));
  for (const each of rows) await run(each);
}
print();

async function row(
  name: string,
  limit: number,
  exitCode: number,
  { latencyMs = 0 }: { latencyMs?: number },
  change?: (world: HealthyWorld) => unknown,
): Promise<Row> {
  const oauth = { clientId: "registrar", clientSecret: "the-secret" };
  const world = stack.use(await startHealthyWorld({ plane: { oauth, latencyMs } }));
  await change?.(world);
  return { name, limit, exitCode, world, runs: [] };
}

async function run({ name, world, exitCode, runs }: Row): Promise<void> {
  const config = await world.write("registrar.yaml", stringify(world.settings));
  const options = { cwd: root, env: { PATH: process.env["PATH"] ?? "", ...world.environment } };
  const measured = await measure(process.execPath, [program, "check", "--config", config], options);
  if (measured.exitCode !== exitCode) throw new Error(`${name} ended with ${measured.exitCode}`);
  runs.push(measured);
}

function print(): void {
  const line = (name: string, ...cells: string[]) =>
    process.stdout.write(`${name.padEnd(35)}${cells.map((cell) => cell.padStart(9)).join("")}\n`);
  line("", "wall s", "limit s", "ratio", "to Node", "CPU s", "peak MB");
  const alone = medians(node);
  line("node -e 0", alone.wall.toFixed(2), "", "", "1.000", alone.cpu.toFixed(2), alone.memory.toFixed(0));
  for (const { name, limit, runs } of rows) {
    const { wall, cpu, memory } = medians(runs);
    const ratios = [(wall / limit).toFixed(3), (wall / alone.wall).toFixed(3)];
    line(name, wall.toFixed(2), limit.toFixed(2), ...ratios, cpu.toFixed(2), memory.toFixed(0));
  }
  process.stdout.write(`\nMedians of ${rounds} alternating rounds (memory: the largest).\n`);
}
