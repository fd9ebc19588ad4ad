// Prints what it takes to find the Python of a base image with a layer of 2 GB, with the limits on what is read and on memory.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type LargeImagePlace, runLargeImage } from "../testing/base-image/run-large-image.ts";

const size = 2_000_000_000;
/** Megabytes. */
const memoryLimit = 120;

/** Where the Python is, and how many bytes of layers may be read. */
const rows: { name: string; place: LargeImagePlace; verdict: string; bytes: number }[] = [
  { name: "declared by the configuration", place: "config", verdict: "found", bytes: 0 },
  { name: "in a layer below", place: "below", verdict: "found", bytes: 1_000 },
  { name: "at the end of that layer", place: "inside", verdict: "found", bytes: 1.01 * size },
  { name: "nowhere", place: "nowhere", verdict: "not-found", bytes: 1.01 * size },
];

const folder = await mkdtemp(join(tmpdir(), "base-image-"));
const program = join(folder, "ask.mjs");
await build({
  entryPoints: [join(import.meta.dirname, "../testing/base-image/ask-large-image.ts")],
  outfile: program,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
const line = (name: string, ...cells: string[]) =>
  process.stdout.write(`${name.padEnd(32)}${cells.map((cell) => cell.padStart(11)).join("")}\n`);
line("a layer of 2 GB, the Python is", "MB read", "ratio", "wall s", "peak MB", "ratio");
let failed = false;
for (const { name, place, verdict, bytes } of rows) {
  const started = performance.now();
  const report = await runLargeImage(place, size, program);
  const seconds = (performance.now() - started) / 1000;
  const { bytesRead, memory } = report;
  const cells = [bytesRead / 1e6, bytesRead / size, seconds, memory, memory / memoryLimit];
  line(name, ...cells.map((cell, index) => cell.toFixed(index === 3 ? 0 : 3)));
  failed ||= report.verdict !== verdict || bytesRead > bytes || memory > memoryLimit;
}
await rm(folder, { recursive: true });
process.stdout.write(
  `\nRatios are to the layer and to ${memoryLimit} MB. Making and passing the layer is part of the time.\n`,
);
process.exitCode = failed ? 1 : 0;
