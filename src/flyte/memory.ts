import { problem } from "../findings/registrar-error.ts";
import type { ReadFile } from "../system/surroundings.ts";
import { readText } from "../system/text-file.ts";

/** Files with the container's memory limit: cgroup v2, then v1. */
const limitFiles = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

const mebibyte = 1024 * 1024;

/**
 * What this program and the flyte CLI need together, in MiB; measured by bench/image.ts. Without the CLI it is 64, which the
 * chart ensures: with less, this program could not start to report it.
 */
const neededMebibytes = 144;

/**
 * Ensures that the container's memory limit is enough for this program and the flyte CLI. Otherwise the kernel would kill
 * the container during the deploy, without a report, and the hook would fail regardless of `policy.failure`.
 * @throws {RegistrarError} memory-too-low
 */
export function ensureEnoughMemory(readFile: ReadFile): void {
  const limit = limitFiles.flatMap((file) => readLimit(file, readFile))[0];
  if (limit === undefined || limit >= neededMebibytes * mebibyte) return;
  throw problem("memory-too-low", { limit: Math.floor(limit / mebibyte), needed: neededMebibytes });
}

/** The limit in bytes; nothing if the file is absent or there is no limit (`max`). */
function readLimit(file: string, readFile: ReadFile): number[] {
  try {
    const bytes = Number.parseInt(readText(file, readFile), 10);
    return Number.isNaN(bytes) ? [] : [bytes];
  } catch {
    return [];
  }
}
