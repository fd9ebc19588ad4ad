import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import net from "node:net";
import { join as pathOf } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "./door.ts";

/** A buildkitd to start. */
interface Request {
  /** Has a folder `root` in memory, and gets the log and the socket. */
  folder: string;
  /** Its program. */
  buildkitd: string;
  /** Path of its buildkitd.toml. */
  config: string;
  /** Of its state and its socket. */
  name: string;
  port: number;
}

/** Starts a buildkitd in this network namespace, which is reached from outside by a socket in the folder. */
export async function startBuildkitd(
  { folder, buildkitd, config, name, port }: Request,
  ...options: string[]
): Promise<void> {
  const logFile = pathOf(folder, "buildkitd.log");
  const log = openSync(logFile, "a");
  const args = ["--root", pathOf(folder, "root", name), "--config", config, "--addr", `tcp://127.0.0.1:${port}`];
  const worker = ["--oci-worker-snapshotter", "native", "--oci-worker-binary", "runc", "--oci-worker-gc=false"];
  const child = spawn(buildkitd, [...args, ...worker, ...options], { stdio: ["ignore", log, log] });
  child.on("exit", (code) => {
    throw new Error(`buildkitd ended with ${code}: see ${logFile}`);
  });
  while (!(await listens(port))) await sleep(20);
  forward(pathOf(folder, `${name}.sock`), port);
}

/** Leads from a socket at a path to a port of this network namespace. */
export function forward(path: string, port: number): void {
  net.createServer((outside) => join(outside, net.connect(port, "127.0.0.1"))).listen(path);
}

/** Leads from a port of this network namespace to a socket at a path, which somebody outside serves. */
export function listenBefore(path: string, where: { host: string; port: number }): void {
  net.createServer((inside) => join(inside, net.connect(path))).listen(where);
}

function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  return new Promise<boolean>((resolve) => {
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
