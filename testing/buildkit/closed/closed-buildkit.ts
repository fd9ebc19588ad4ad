import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Door, openDoor, openDoorInto } from "../lab/door.ts";
import { namespaces } from "../lab/lab.ts";
import { labAddress } from "../lab/network.ts";
import { programsBelow } from "./programs-below.ts";

/** A buildkitd in a network without a way out, apart from some ports of this machine. */
export interface ClosedBuildkit extends AsyncDisposable {
  /** `tcp://127.0.0.1:<port>`, as in `buildkit-uri` */
  uri: string;
  /** Names of the programs that it runs: `buildkitd`, `runc`, what steps of builds run. */
  programs(): string[];
}

/** What is different in its network. */
interface Options {
  /** Its program. */
  buildkitd: string;
  /** buildkitd.toml */
  config: string;
  /** Ports on loopback that are the same inside and outside: that of a registry. */
  ports: readonly number[];
}

/** Starts it. When this process ends, in whatever way, the kernel ends it. */
export async function startClosedBuildkit({ buildkitd, config, ports }: Options): Promise<ClosedBuildkit> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), "closed-buildkit-")), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  await writeFile(join(folder, "buildkitd.toml"), config);
  for (const port of ports) stack.use(await openDoorInto(join(folder, `${port}.sock`), port));
  const setUp = `
set -e
mount -t proc proc /proc
mkdir ${folder}/root
mount -t tmpfs tmpfs ${folder}/root
echo nameserver ${labAddress} >${folder}/resolv.conf
mount --bind ${folder}/resolv.conf /etc/resolv.conf
ip link set lo up
ip address add ${labAddress}/32 dev lo
exec "$@"`;
  const command = [process.execPath, join(import.meta.dirname, "inside.ts"), folder, buildkitd, ...ports.map(String)];
  const enclosed = ["unshare", ...namespaces, "bash", "-c", setUp, "closed", ...command];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...enclosed], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text: Buffer) => {
    errors += text;
  });
  const ended = once(child, "exit");
  stack.defer(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const isReady = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error(`${errors}${await readFile(join(folder, "buildkitd.log"), "utf8")}`);
  const door: Door = stack.use(await openDoor(join(folder, "buildkit.sock")));
  const started = stack.move();
  return {
    uri: `tcp://${door.address.authority}`,
    programs: () => (child.pid === undefined ? [] : programsBelow(child.pid)),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
