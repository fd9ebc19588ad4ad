// Runs a buildkitd in namespaces of its own, whose name server knows no name: see closed-buildkit.ts.
import { join } from "node:path";
import { startNameServer } from "../../container/name-server.ts";
import { listenBefore, startBuildkitd } from "../lab/buildkitd.ts";
import { labAddress } from "../lab/network.ts";

const [folder = "", buildkitd = "", ...ports] = process.argv.slice(2);

await startNameServer({ kind: "no such name" }, labAddress);
for (const port of ports) listenBefore(join(folder, `${port}.sock`), { host: "127.0.0.1", port: Number(port) });
await startBuildkitd({ folder, buildkitd, config: join(folder, "buildkitd.toml"), name: "buildkit", port: 1234 });
process.stdout.write("ready\n");
