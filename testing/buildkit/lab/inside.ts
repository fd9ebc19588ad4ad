// Runs a buildkitd and its surroundings, in namespaces of their own: see lab.ts.
import { spawn } from "node:child_process";
import { openSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startNameServer } from "../../container/name-server.ts";
import { configure } from "./buildkitd-config.ts";
import { labAddress, lookUpInLab } from "./network.ts";
import { startRegistries } from "./registries.ts";

const [folder = "", buildkitd = ""] = process.argv.slice(2);

await startNameServer(lookUpInLab, labAddress);
const { trusted } = await startRegistries();
const files = { config: join(folder, "buildkitd.toml"), ca: join(folder, "ca.pem") };
writeFileSync(files.ca, trusted.certificatePem);
writeFileSync(files.config, configure(files.ca));
const certificate = await trusted.issue();
const keyFile = join(folder, "key.pem");
const certificateFile = join(folder, "certificate.pem");
writeFileSync(keyFile, certificate.keyPem);
writeFileSync(certificateFile, certificate.certificatePem);

const log = openSync(join(folder, "buildkitd.log"), "a");

/** Starts a buildkitd, which is reached from outside by a socket in the folder. */
async function start(name: string, port: number, ...options: string[]): Promise<void> {
  const args = ["--root", join(folder, "root", name), "--config", files.config, "--addr", `tcp://127.0.0.1:${port}`];
  const worker = ["--oci-worker-snapshotter", "native", "--oci-worker-binary", "runc", "--oci-worker-gc=false"];
  const child = spawn(buildkitd, [...args, ...worker, ...options], { stdio: ["ignore", log, log] });
  child.on("exit", (code) => {
    throw new Error(`buildkitd ended with ${code}: see ${join(folder, "buildkitd.log")}`);
  });
  while (!(await listens(port))) await sleep(20);
  forward(name, port);
}

function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/** A path leads out of a network namespace, and an address does not. */
function forward(name: string, port: number): void {
  const server = net.createServer((outside) => {
    const inside = net.connect(port, "127.0.0.1");
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
  });
  server.listen(join(folder, `${name}.sock`));
}

const tls = ["--tlscert", certificateFile, "--tlskey", keyFile];
await Promise.all([
  start("plain", 1234, "--debugaddr", "127.0.0.1:6060"),
  start("tls", 1235, ...tls),
  start("mtls", 1236, ...tls, "--tlscacert", files.ca),
]);
forward("debug", 6060);
process.stdout.write("ready\n");
