import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { execa } from "execa";

const repository = join(import.meta.dirname, "../..");

/** What is missing here to run a container without a container engine; nothing where all is there. */
export function missingHere(): string | undefined {
  if (process.platform !== "linux") return "containers run on Linux only";
  if (process.getuid?.() !== 0) return "only root can make and run a container without a container engine";
  return existsSync("/usr/bin/apt-get") || existsSync("/usr/bin/runc") ? undefined : "runc is not installed";
}

/** The Debian packages that run a container; tools/image.sh installs those that build it. */
export const packagesToRun = ["runc", "umoci"];

/** The images of the Dockerfile: the small one, or the one with Python and the flyte CLI. */
export const targets = ["default", "flyte"] as const;
export type Target = (typeof targets)[number];

/** How a container is run. */
interface RunOptions {
  uid?: number;
  gid?: number;
  /** MiB. */
  memory?: number;
  env?: Readonly<Record<string, string>>;
  /** Folders of this machine, by the place where the container sees them, read-only. */
  mounts?: Readonly<Record<string, string>>;
  /** In place of the image's own. */
  entrypoint?: readonly string[];
}

/** How it ended; times in milliseconds since its start. */
interface ContainerRun {
  exitCode: number | undefined;
  output: string;
  firstLine: number;
  milliseconds: number;
}

/** The image, unpacked. */
export interface Image extends AsyncDisposable {
  archive: string;
  rootfs: string;
  /** The image's configuration, as an OCI image has it. */
  config: { Entrypoint?: string[]; User?: string; Env?: string[]; Labels?: Record<string, string> };
  /** Runs it as Kubernetes' restricted profile would: no privileges, nothing writable but /tmp, on this machine's network. */
  run(args: readonly string[], options?: RunOptions): Promise<ContainerRun>;
}

/** Unpacks the image, which is built before where it is not cached (tools/image.sh). */
export async function openImage(target: Target): Promise<Image> {
  await execa(join(repository, "tools/debian-packages.sh"), packagesToRun, { stderr: "inherit" });
  const { stdout: archive } = await execa(join(repository, "tools/image.sh"), [target], { stderr: "inherit" });
  const folder = await mkdtemp(join(tmpdir(), "image-"));
  const source = `docker-archive:${archive}`;
  await execa("skopeo", ["copy", "--quiet", source, `oci:${join(folder, "oci")}:image`]);
  await execa("umoci", ["unpack", "--image", `${join(folder, "oci")}:image`, join(folder, "bundle")]);
  const { stdout: inspected } = await execa("skopeo", ["inspect", "--config", source]);
  const rootfs = join(folder, "bundle/rootfs");
  const unpacked: RuncConfig = JSON.parse(readFileSync(join(folder, "bundle/config.json"), "utf8"));
  let runs = 0;
  return {
    archive,
    rootfs,
    config: JSON.parse(inspected).config,
    async run(args, options = {}) {
      const name = `registrar-${process.pid}-${++runs}`;
      const bundle = join(folder, name);
      await mkdir(bundle);
      writeFileSync(join(bundle, "config.json"), JSON.stringify(restricted(unpacked, rootfs, name, args, options)));
      const started = performance.now();
      const child = execa("runc", ["run", "--bundle", bundle, name], { all: true, reject: false, timeout: 50_000 });
      let firstLine = 0;
      child.all.once("data", () => {
        firstLine = performance.now() - started;
      });
      const { exitCode, all: output } = await child;
      return { exitCode, output, firstLine, milliseconds: performance.now() - started };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Bytes of the image as a registry stores it, compressed by gzip. */
export async function compressedBytes(archive: string): Promise<number> {
  let bytes = 0;
  await pipeline(createReadStream(archive), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) bytes += chunk.length;
  });
  return bytes;
}

/** The paths in each layer of an archive, the lowest first. */
export async function layersOf(archive: string): Promise<string[][]> {
  const { stdout: manifest } = await execa("tar", ["-xOf", archive, "manifest.json"]);
  const [{ Layers: layers }]: [{ Layers: string[] }] = JSON.parse(manifest);
  return await Promise.all(
    layers.map(async (layer) => {
      const { stdout } = await execa("tar", ["-xOf", archive, layer], { buffer: false }).pipe("tar", ["-t"]);
      return stdout.split("\n");
    }),
  );
}

/** What is used of the configuration that umoci writes for runc. */
interface RuncConfig {
  process: { cwd: string; env: string[] };
  mounts: { destination: string }[];
  linux: { maskedPaths?: string[]; readonlyPaths?: string[] };
}

function restricted(unpacked: RuncConfig, rootfs: string, name: string, args: readonly string[], options: RunOptions) {
  const { uid = 65532, gid = 65532, memory = 192, env = {}, mounts = {}, entrypoint = ["registrar"] } = options;
  return {
    ...unpacked,
    root: { path: rootfs, readonly: true },
    process: {
      args: [...entrypoint, ...args],
      cwd: unpacked.process.cwd,
      terminal: false,
      noNewPrivileges: true,
      user: { uid, gid },
      env: [...unpacked.process.env, ...Object.entries(env).map(([variable, value]) => `${variable}=${value}`)],
    },
    mounts: [
      ...unpacked.mounts.filter(({ destination }) => destination !== "/etc/resolv.conf"),
      { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["mode=1777"] },
      ...Object.entries(mounts).map(([destination, source]) => ({
        destination,
        source,
        type: "bind",
        options: ["bind", "ro"],
      })),
    ],
    linux: {
      namespaces: [{ type: "pid" }, { type: "ipc" }, { type: "uts" }, { type: "mount" }],
      resources: { memory: { limit: memory * 1024 * 1024 } },
      cgroupsPath: `/${name}`,
      maskedPaths: unpacked.linux.maskedPaths,
      readonlyPaths: unpacked.linux.readonlyPaths,
    },
  };
}
