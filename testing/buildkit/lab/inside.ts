// Runs a buildkitd and its surroundings, in namespaces of their own: see lab.ts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startNameServer } from "../../container/name-server.ts";
import { forward, startBuildkitd } from "./buildkitd.ts";
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

const start = (name: string, port: number, ...options: string[]) =>
  startBuildkitd({ folder, buildkitd, config: files.config, name, port }, ...options);

const tls = ["--tlscert", certificateFile, "--tlskey", keyFile];
await Promise.all([
  start("plain", 1234, "--debugaddr", "127.0.0.1:6060"),
  start("tls", 1235, ...tls),
  start("mtls", 1236, ...tls, "--tlscacert", files.ca),
]);
forward(join(folder, "debug.sock"), 6060);
process.stdout.write("ready\n");
