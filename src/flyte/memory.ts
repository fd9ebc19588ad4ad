import { problem } from "../findings/registrar-error.ts";
import type { ReadFile } from "../system/surroundings.ts";

/** Where a container finds its own limit: cgroup v2, then v1. */
const limitFiles = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

const mebibyte = 1024 * 1024;

/**
 * What this program and the flyte CLI together were seen to need in a container, in MiB (bench/image.ts). Without the CLI it
 * is 64, which is for the chart to see to: a program that has less cannot say so.
 */
const needed = 144;

/**
 * Refuses to start the flyte CLI where the container's memory limit is below what both need. The kernel would kill the
 * whole container in the middle of a deploy: no report, and a failed hook whatever `policy.failure` says.
 * @throws {RegistrarError} memory-too-low
 */
export function ensureEnoughMemory(readFile: ReadFile): void {
  const limit = limitFiles.flatMap((file) => limitIn(file, readFile))[0];
  if (limit === undefined || limit >= needed * mebibyte) return;
  throw problem("memory-too-low", { limit: Math.floor(limit / mebibyte), needed });
}

/** Bytes; nothing where the file is absent or tells of no limit (`max`). */
function limitIn(file: string, readFile: ReadFile): number[] {
  try {
    const bytes = Number.parseInt(readFile(file), 10);
    return Number.isNaN(bytes) ? [] : [bytes];
  } catch {
    return [];
  }
}
