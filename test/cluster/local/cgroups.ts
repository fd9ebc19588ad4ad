import { existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** Cgroups of a run: called by the process that it belongs to, so that others can see whether it is over. */
const nameOf = (pid: number): string => `image-builder-registrar-${pid}`;
const ours = /^image-builder-registrar-(\d+)$/;

/** Makes the cgroup below which all of this process' pods are. @returns its path for the kubelet */
export function createCgroup(): string {
  for (const hierarchy of hierarchies()) mkdirSync(join(hierarchy, nameOf(process.pid)), { recursive: true });
  return `/${nameOf(process.pid)}`;
}

/** Removes the cgroups of this process and of others that are no more: the one thing of a cluster that outlives it. */
export function removeCgroups(): void {
  for (const hierarchy of hierarchies()) {
    for (const name of foldersIn(hierarchy)) {
      const pid = ours.exec(name)?.[1];
      if (pid !== undefined && (Number(pid) === process.pid || !existsSync(`/proc/${pid}`))) {
        removeFolder(join(hierarchy, name));
      }
    }
  }
}

/** One in version 2; one a controller in version 1. */
function hierarchies(): string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return foldersIn(root).map((name) => join(root, name));
}

function removeFolder(folder: string): void {
  for (const name of foldersIn(folder)) removeFolder(join(folder, name));
  try {
    rmdirSync(folder);
  } catch {
    // A process that was only just killed is still leaving it; the next run removes it.
  }
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
