// Runs inside an enclosure: starts a cluster, runs the command that it is given with KUBECONFIG set, and ends as that ends.
import { execa } from "execa";
import { startLocalCluster } from "./cluster.ts";

const { CLUSTER_FOLDER: folder = "", CLUSTER_CGROUP: cgroup = "", CLUSTER_IMAGES: images = "" } = process.env;
const [program = "", ...args] = process.argv.slice(2);
const started = performance.now();
const { kubeconfig, version } = await startLocalCluster({ folder, cgroup, images: images.split(":") });
process.stderr.write(`Kubernetes ${version} is up after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
const { exitCode } = await execa(program, args, { stdio: "inherit", reject: false, env: { KUBECONFIG: kubeconfig } });
// The servers would keep us alive.
process.exit(exitCode ?? 1);
