// `make release-dry-run`: all of publishing that needs neither a container engine nor a registry of images. It makes the files of a
// version in build/ as for the repository of an imaginary owner, and prints what else would be published. Twice from the same
// commit it makes the same bytes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { newestChanges } from "./changelog.ts";
import { resolveLockfiles } from "./lockfiles.ts";
import { makeAssets } from "./make-assets.ts";
import { buildxDriver, imagesOfBake, platformHere } from "./push-images.ts";

const root = join(import.meta.dirname, "../..");
const owner = { registry: "ghcr.io/example", source: "https://github.com/example/image-builder-registrar" };
const say = (line: string) => process.stdout.write(`${line}\n`);
/** What a script of tools/ prints. */
const tool = async (script: string, ...args: string[]) =>
  (await execa(join(root, "tools", script), args, { stderr: "inherit" })).stdout;
/** What docker-bake.hcl builds: read by docker's buildx where it is installed, else by one built here, which needs no docker for this. */
async function bakedImages({ registry, source }: typeof owner, version: string): Promise<string[]> {
  const hasBuildx = (await buildxDriver()) !== undefined;
  const [program, ...args] = hasBuildx ? ["docker", "buildx"] : [await tool("buildx.sh")];
  const env = { REGISTRY: registry, VERSION: version, SOURCE: source };
  const { stdout } = await execa(program, [...args, "bake", "--print"], { cwd: root, env });
  return imagesOfBake(stdout);
}

const changes = newestChanges(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
say(`Version ${changes.version}\n\nBoth architectures, from the lock files:`);
for (const line of await resolveLockfiles(root)) say(`  ${line}`);

await execa(await tool("actionlint.sh"), ["-color"], { cwd: root, stdio: "inherit" });
say("Workflows: no fault found by actionlint");

say("Images, as docker-bake.hcl has them:");
for (const line of await bakedImages(owner, changes.version)) say(`  ${line}`);

const archive = await tool("image.sh");
const { stdout: digest } = await execa("skopeo", ["inspect", "--format", "{{.Digest}}", `docker-archive:${archive}`]);
say(`Image of this architecture: ${digest}`);

await execa("make", ["--no-print-directory", "build"], { cwd: root, stdio: "inherit" });
const output = join(root, "build");
const publication = { ...owner, digest, flyteDigest: undefined, platforms: [platformHere], changes };
const image = { name: platformHere.slice("linux/".length), archive };
const sums = await makeAssets(root, join(root, "dist"), output, await tool("helm.sh", "4"), publication, [image]);
say(`Chart: Chart.yaml linted, ${changes.entries.length} changes\n\nFiles in build/:\n${sums}`);
say(`Notes of version ${changes.version}:\n\n${readFileSync(join(output, "NOTES.md"), "utf8")}`);
