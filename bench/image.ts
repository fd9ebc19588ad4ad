// The container images and their limits: size, first line, a run that finds nothing to do, the least memory that a
// registration works with. Needs what test/image needs: root, on Linux.

import { compressedBytes, openImage, type Target } from "../testing/container/container.ts";
import { startControlPlane } from "../testing/control-plane/start.ts";

const rounds = 9;

/** `memory` in MiB: the limit, and where the search for the least ends. */
const targets: { target: Target; megabytes: number; memory: [number, number]; env: Record<string, string> }[] = [
  { target: "default", megabytes: 52, memory: [96, 48], env: {} },
  { target: "flyte", megabytes: 115, memory: [192, 144], env: { REGISTRAR_TASK_DEPLOY_WITH: "flyte" } },
];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(what: string, value: number, limit: number, unit: string): void {
  const ratio = (value / limit).toFixed(3);
  console.log(
    `${what.padEnd(44)} ${value.toFixed(2).padStart(8)} ${limit.toFixed(2).padStart(8)} ${ratio.padStart(8)}  ${unit}`,
  );
}

console.log(`${"".padEnd(44)} ${"measured".padStart(8)} ${"limit".padStart(8)} ${"ratio".padStart(8)}`);
for (const { target, megabytes, memory, env } of targets) {
  await using image = await openImage(target);
  await using plane = await startControlPlane();
  const url = plane.url.replace("localhost", "127.0.0.1");
  const flags = ["--control-plane-endpoint", url, "--release-cluster", "test", "--app-version"];
  const register = (appVersion: string, limit = 192) =>
    image.run(["register", ...flags, appVersion], { env, memory: limit });

  print(`${target}: compressed by gzip`, (await compressedBytes(image.archive)) / 1_000_000, megabytes, "MB");
  const first = await register("2026.3.4");
  if (first.exitCode !== 0) console.error(first.output);
  const noop = [];
  for (let round = 0; round < rounds; round++) noop.push(await register("2026.3.4"));
  print(`${target}: first line, with container start`, median(noop.map((run) => run.firstLine / 1000)), 0.25, "s");
  const whole = noop.filter((run) => run.exitCode === 0).map((run) => run.milliseconds / 1000);
  print(`${target}: no-op, with container start`, median(whole), 0.6, "s");

  const [limit, end] = memory;
  let least = Number.NaN;
  for (let size = limit; size >= end; size -= 8) {
    const { exitCode } = await register(`2026.4.${200 - size}`, size);
    if (exitCode !== 0) break;
    least = size;
  }
  print(`${target}: least memory of a registration`, least, limit, `MiB (tried down to ${end})`);
}
