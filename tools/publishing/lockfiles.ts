import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";

/** A processor by its names in Node, Python and images. */
const processors = [
  { node: "x64", python: "x86_64", image: "amd64" },
  { node: "arm64", python: "aarch64", image: "arm64" },
] as const;

const pythonLocks = ["python/node.lock", "python/uv.lock", "python/flyte.lock"];
/** Debian trixie: Python 3.13, glibc 2.41. */
const python = { version: "3.13", platform: "manylinux_2_40" };

const lockSchema = z.object({ packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })) });

/**
 * Whether both images can be made from the lock files, as far as the package registries can tell without downloading.
 * @returns a line for each processor
 * @throws {Error} if a package has no hash, the registry has another hash, or there is no package for the processor
 */
export async function resolveLockfiles(root: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { node, python: machine, image } of processors) {
    const npmPackages = await resolveNpm(root, node);
    const counts: string[] = [];
    for (const lock of pythonLocks) counts.push(`${await resolvePython(root, lock, machine)} of ${lock}`);
    lines.push(`linux/${image}: ${npmPackages}; ${counts.join(", ")}`);
  }
  return lines;
}

/** npm packages that only this processor has are named in the lock with a hash, and the registry has the same Node. */
async function resolveNpm(root: string, cpu: string): Promise<string> {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const { version: node } = z.object({ version: z.string() }).parse(packages[`node_modules/node-linux-${cpu}`]);
  const listed = await execa(
    "npm",
    ["ci", "--dry-run", "--ignore-scripts", "--os=linux", `--cpu=${cpu}`, "--libc=glibc"],
    {
      cwd: root,
    },
  );
  const added = [...listed.stdout.matchAll(/^(?:add|change) (\S+) /gm)].map(([, name = ""]) => name);
  for (const name of added)
    if (!packages[`node_modules/${name}`]?.integrity) throw new Error(`package-lock.json has no hash of ${name}`);
  const name = `node-linux-${cpu}`;
  const { stdout } = await execa("npm", ["view", `${name}@${node}`, "dist.integrity"], { cwd: root });
  if (stdout.trim() !== packages[`node_modules/${name}`]?.integrity)
    throw new Error(`the npm registry has ${name} ${node} with the hash ${stdout.trim()}, unlike package-lock.json`);
  return `Node ${node}`;
}

/** @returns how many packages there are wheels of */
async function resolvePython(root: string, lock: string, machine: string): Promise<number> {
  const { stdout: uv } = await execa(join(root, "tools/uv.sh"), { stderr: "inherit" });
  const wheels = ["--require-hashes", "--only-binary", ":all:"];
  const platform = ["--python-platform", `${machine}-${python.platform}`, "--python-version", python.version];
  // Nothing is installed into the folder.
  const target = ["--target", join(tmpdir(), `registrar-wheels-${process.pid}`)];
  const { stderr } = await execa(uv, ["pip", "sync", "--dry-run", ...wheels, ...platform, ...target, lock], {
    cwd: root,
  });
  const [, count] = /Would install (\d+) package/.exec(stderr) ?? [];
  if (count === undefined) throw new Error(`uv does not say what ${lock} installs on ${machine}: ${stderr}`);
  return Number(count);
}
