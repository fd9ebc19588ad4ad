import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** The cgroup of this process: called by it, so that others can see whether it is over. */
export const cgroupName = `image-builder-registrar-${process.pid}`;
const ours = /^image-builder-registrar-(\d+)$/;

/**
 * As much CPU as sixteen processes of this machine, in either version. Left as it is made, the cgroup weighs as much as one,
 * and all pods together get a tenth of a core while tests and API server are busy, which no node would do to them.
 */
const weights = { "cpu.shares": 16 * 1024, "cpu.weight": 16 * 100 };

/** Makes the cgroup below which all of this process' pods are. @returns its path for the kubelet */
export function createCgroup(): string {
  for (const hierarchy of hierarchies()) {
    const folder = join(hierarchy, cgroupName);
    mkdirSync(folder, { recursive: true });
    for (const [file, weight] of Object.entries(weights)) {
      if (existsSync(join(folder, file))) writeFileSync(join(folder, file), `${weight}`);
    }
  }
  return `/${cgroupName}`;
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
