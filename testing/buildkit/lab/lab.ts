import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Address } from "../../../src/network/address.ts";
import { openDoor } from "./door.ts";
import { setUpNetwork } from "./network.ts";

/** A real buildkitd in a network of its own, as `tcp://127.0.0.1:<port>` here. */
export interface Lab extends AsyncDisposable {
  plain: Address;
  /** One that speaks TLS. */
  tls: Address;
  /** One that requires a client's certificate. */
  mutualTls: Address;
  /** The first one's port for debugging. */
  debug: Address;
}

/** Those that a buildkitd gets for itself, as flags of unshare. */
export const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child"];

/** Why a lab cannot be run here; nothing where it can. */
export async function missingForLab(): Promise<string | undefined> {
  if (process.platform !== "linux") return "buildkitd runs on Linux only";
  if (process.getuid?.() !== 0) return "only root can give buildkitd a network of its own";
  if (!existsSync("/usr/bin/apt-get") && !existsSync("/usr/sbin/runc")) return "runc is not installed";
  const { failed } = await execa("unshare", [...namespaces, "true"], { reject: false });
  return failed ? "this machine lets nobody make namespaces (unshare)" : undefined;
}

/**
 * Runs buildkitd with a name server, registries and black holes that nobody else sees. When this process ends, in whatever way,
 * the kernel ends them all.
 * @param buildkitd its program
 */
export async function openLab(buildkitd: string): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "buildkit-lab-"));
  const setUp = `
set -e
mount -t proc proc /proc
mkdir ${folder}/root
mount -t tmpfs tmpfs ${folder}/root
echo nameserver 10.98.0.1 >${folder}/resolv.conf
mount --bind ${folder}/resolv.conf /etc/resolv.conf
${setUpNetwork}
exec "$@"`;
  const command = [process.execPath, join(import.meta.dirname, "inside.ts"), folder, buildkitd];
  const enclosed = ["unshare", ...namespaces, "bash", "-c", setUp, "lab", ...command];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...enclosed], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => {
    errors += text;
  });
  const ended = once(child, "exit");
  const isReady = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!isReady)
    throw new Error(`the lab did not start: ${errors}${await readFile(join(folder, "buildkitd.log"), "utf8")}`);
  const doors = new AsyncDisposableStack();
  const open = async (name: string) => doors.use(await openDoor(join(folder, `${name}.sock`))).address;
  return {
    plain: await open("plain"),
    tls: await open("tls"),
    mutualTls: await open("mtls"),
    debug: await open("debug"),
    async [Symbol.asyncDispose]() {
      await doors.disposeAsync();
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
