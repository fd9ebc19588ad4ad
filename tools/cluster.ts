// Keeps a cluster up for trying the chart by hand: `make cluster`.
import { join } from "node:path";
import { runOnCluster } from "../testing/local-cluster/run-on-cluster.ts";

process.exitCode = await runOnCluster([process.execPath, join(import.meta.dirname, "../test/cluster/keep-up.ts")]);
