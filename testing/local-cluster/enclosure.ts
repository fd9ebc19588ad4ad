import { spawn } from "node:child_process";
import { once } from "node:events";
import { createCgroup, removeCgroups } from "./cgroups.ts";

/** The address inside an enclosure by which pods and servers of the tests reach each other. */
export const enclosedAddress = "10.99.0.1";

/**
 * Files of the cluster and of container runtimes are kept in memory that only the enclosure sees. The process number by which
 * it can be entered from outside (CLUSTER_ENTRY) is what the outer /proc says of us.
 */
const setUp = `
set -e
read -r CLUSTER_ENTRY _ </proc/self/stat
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir /run/cluster
ip link set lo up
ip link add d0 type bridge
ip address add ${enclosedAddress}/24 dev d0
ip link set d0 up
ip route add default dev d0
export CLUSTER_ENTRY CLUSTER_FOLDER=/run/cluster
status=0
"$@" || status=$?
exit $status`;

const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child"];

/**
 * Runs a command, as root, where a cluster can do what it likes to network, mounts and processes: in namespaces of its own.
 * When the command ends, or we do, however that comes about, the kernel ends every process in them and drops the rest.
 * @param command finds a folder of its own in CLUSTER_FOLDER, and the cgroup of its pods in CLUSTER_CGROUP
 * @returns the command's exit code; 128 and more where a signal to us ended it
 */
export async function runEnclosed(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  removeCgroups();
  const enclosed = ["unshare", ...namespaces, "bash", "-c", setUp, "enclosure", ...command];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...enclosed], {
    // Out of reach of a terminal's Ctrl-C: we end it as a whole.
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...environment, CLUSTER_CGROUP: createCgroup(), REGISTRAR_TEST_ADDRESS: enclosedAddress },
  });
  let signalled = 0;
  const end = (number: number) => () => {
    signalled = 128 + number;
    child.kill("SIGKILL");
  };
  process.once("SIGHUP", end(1)).once("SIGINT", end(2)).once("SIGTERM", end(15));
  const [exitCode] = await once(child, "exit");
  removeCgroups();
  return signalled || (exitCode ?? 1);
}
