// Keeps a cluster running, to try the chart manually: `make cluster`.
import { join } from "node:path";
import { runOnCluster } from "../testing/local-cluster/run-on-cluster.ts";

process.exitCode = await runOnCluster([process.execPath, join(import.meta.dirname, "../test/cluster/keep-up.ts")]);
