// The container image beside its limits: size, first line, a run that finds nothing to do, the least memory that a
// registration works with. Needs what test/image needs: root, on Linux.
import { startControlPlane } from "../test/control-plane/start.ts";
import { compressedBytes, openImage } from "../test/image/container.ts";

const rounds = 9;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(what: string, value: number, limit: number, unit: string): void {
  const ratio = (value / limit).toFixed(3);
  console.log(
    `${what.padEnd(44)} ${value.toFixed(2).padStart(8)} ${limit.toFixed(2).padStart(8)} ${ratio.padStart(8)}  ${unit}`,
  );
}

await using image = await openImage();
await using plane = await startControlPlane();
const url = plane.url.replace("localhost", "127.0.0.1");
const register = (appVersion: string) => ["register", "--control-plane-endpoint", url, "--app-version", appVersion];

console.log(`${"".padEnd(44)} ${"measured".padStart(8)} ${"limit".padStart(8)} ${"ratio".padStart(8)}`);
print("compressed by gzip", (await compressedBytes(image.archive)) / 1_000_000, 115, "MB");
await image.run(register("2026.3.4"));
const noop = [];
for (let round = 0; round < rounds; round++) noop.push(await image.run(register("2026.3.4")));
print("first line, container start included", median(noop.map((run) => run.firstLine / 1000)), 0.3, "s");
print("no-op, container start included", median(noop.map((run) => run.milliseconds / 1000)), 0.6, "s");

let least = 192;
for (let memory = 192; memory >= 144; memory -= 8) {
  const { exitCode } = await image.run(register(`2026.4.${200 - memory}`), { memory });
  if (exitCode !== 0) break;
  least = memory;
}
print("least memory limit of a registration", least, 192, "MiB (144 is the program's own bound)");
