import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import {
  compressedBytes,
  type Image,
  layersOf,
  missingHere,
  openImage,
  type Target,
} from "../../testing/container/container.ts";
import { startNameServer } from "../../testing/container/name-server.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { partsOfImage } from "../../tools/publishing/image-parts.ts";

const missing = missingHere();
if (missing) process.stderr.write(`SKIPPED: the tests of the container image: ${missing}\n`);

const megabyte = 1_000_000;
/** Milliseconds to unpack both images. */
const unpackTime = 180_000;

/** What is different: `memory` in MiB is what a registration gets by with, `env` makes it use what the image is for. */
const targets: { target: Target; megabytes: number; memory: number; env: Record<string, string> }[] = [
  { target: "default", megabytes: 52, memory: 96, env: {} },
  { target: "flyte", megabytes: 115, memory: 192, env: { REGISTRAR_TASK_DEPLOY_WITH: "flyte" } },
];

const images = new Map<Target, Image>();
function imageOf(target: Target): Image {
  const image = images.get(target);
  if (!image) throw new Error(`the image ${target} was not built`);
  return image;
}

describe.skipIf(missing)("the container images", () => {
  beforeAll(async () => {
    for (const { target } of targets) images.set(target, await openImage(target));
  }, unpackTime);
  afterAll(async () => {
    for (const image of images.values()) await image[Symbol.asyncDispose]();
  });

  describe.each(targets)("$target", ({ target, megabytes, memory, env }) => {
    it("says what it is, and starts the program as an unprivileged user", () => {
      const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
      expect(imageOf(target).config).toMatchObject({
        Entrypoint: ["registrar"],
        User: "65532:65532",
        Labels: {
          "org.opencontainers.image.title": "image-builder-registrar",
          "org.opencontainers.image.version": version,
          "org.opencontainers.image.licenses": "Apache-2.0",
        },
      });
    });

    it(`is at most ${megabytes} MB as a registry stores it`, async () => {
      expect(await compressedBytes(imageOf(target).archive)).toBeLessThanOrEqual(megabytes * megabyte);
    });

    it("has the program in a layer of its own, above one that other versions share", async () => {
      const layers = await layersOf(imageOf(target).archive);
      expect(layers).toHaveLength(2);
      const ofProgram = /^opt\/(registrar\/.*)?$|^usr\/(local\/(bin\/(registrar)?)?)?$/;
      expect(layers[1]?.filter((path) => !ofProgram.test(path))).toEqual([]);
      expect(layers[0]?.filter((path) => path.includes("registrar"))).toEqual([]);
    });

    it("has the licences of what is in the bundle, and says to scanners what that is", () => {
      const folder = join(imageOf(target).rootfs, "opt/registrar");
      expect(readFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), "utf8")).toContain("zod");
      expect(readFileSync(join(folder, "registrar.cdx.json"), "utf8")).toContain("pkg:npm/zod@");
      expect(existsSync(join(folder, "LICENSE"))).toBe(true);
    });

    it("tells all that its bill of materials needs", async () => {
      const parts = await partsOfImage(imageOf(target).archive, "26.10.0");
      const named = parts.map(({ kind, name }) => `${kind} ${name}`);
      expect(named).toEqual(expect.arrayContaining(["generic node", "npm undici", "deb libc6", "deb libstdc++6"]));
      expect(named.includes("pypi flyte")).toBe(target === "flyte");
      const libc = parts.find(({ name }) => name === "libc6");
      expect(libc?.qualifiers).toMatchObject({ distro: "debian-13", upstream: "glibc" });
    });

    it("lets nobody write except to /tmp", () => {
      const { rootfs } = imageOf(target);
      const writable = filesIn(rootfs).filter((path) => {
        const stat = lstatSync(join(rootfs, path));
        return !stat.isSymbolicLink() && (stat.uid !== 0 || (stat.mode & 0o022) !== 0);
      });
      expect(writable).toEqual(["tmp"]);
    });

    it.each(["pip", "pip3", "npm", "npx", "uv", "gcc", "cc", "make", "apt-get", "perl", "curl"])(
      "has no %s",
      (program) => {
        const places = ["usr/local/bin", "usr/bin", "usr/sbin", "opt/flyte/bin"];
        expect(places.filter((place) => existsSync(join(imageOf(target).rootfs, place, program)))).toEqual([]);
      },
    );

    it("finds names in /etc/hosts and by DNS", async () => {
      await using server = await startNameServer("127.0.0.3");
      await using folder = await folderOf({
        hosts: "127.0.0.2 in-hosts.test\n",
        "resolv.conf": `nameserver ${server.address}\n`,
      });
      const lookUp = `const { lookup } = require("node:dns/promises");
        Promise.all(["in-hosts.test", "in-dns.test"].map((name) => lookup(name))).then((found) => console.log(JSON.stringify(found)))`;
      const run = await imageOf(target).run(["-e", lookUp], {
        entrypoint: ["node"],
        mounts: {
          "/etc/hosts": join(folder.path, "hosts"),
          "/etc/resolv.conf": join(folder.path, "resolv.conf"),
        },
      });
      expect(JSON.parse(run.output)).toEqual([
        { address: "127.0.0.2", family: 4 },
        { address: "127.0.0.3", family: 4 },
      ]);
    });

    it.each([
      { uid: 65532, gid: 65532 },
      { uid: 1_000_680_000, gid: 0 },
    ])(`registers and verifies over TLS with a login, as user $uid, in ${memory} MiB`, async (user) => {
      const ca = await createAuthority("private CA");
      const oauth = { clientId: "registrar", clientSecret: "canary-secret-1" };
      const tls = await ca.issue();
      await using plane = await startControlPlane({ tls, oauth: { ...oauth, tls } });
      await using folder = await folderOf({
        client_secret: `${oauth.clientSecret}\n`,
        "ca.crt": ca.certificatePem,
        hosts: "127.0.0.1 localhost\n",
      });
      const flags = [
        `--control-plane-endpoint=${plane.url}`,
        "--control-plane-org=acme",
        "--app-version=2026.3.4",
        "--control-plane-auth-type=clientSecret",
        `--control-plane-auth-client-id=${oauth.clientId}`,
        "--control-plane-auth-client-secret-file=/etc/auth/client_secret",
        "--control-plane-ca-file=/etc/auth/ca.crt",
        "--release-cluster=test",
      ];
      const mounts = { "/etc/auth": folder.path, "/etc/hosts": join(folder.path, "hosts") };
      const image = imageOf(target);
      const first = await image.run(["register", ...flags], { ...user, memory, env, mounts });
      expect(first.output).toContain("registered: 2026.3.4 is current in system/production");
      expect(first.exitCode).toBe(0);
      expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4"]);
      const again = await image.run(["verify", ...flags], { ...user, memory, env, mounts });
      expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("current: 2026.3.4 is current") });
      expect(first.output + again.output).not.toContain(oauth.clientSecret);
    });
  });

  describe("default", () => {
    it("has these executables and no others: no shell, no Python, no package manager", () => {
      const { rootfs } = imageOf("default");
      const executables = filesIn(rootfs).filter((path) => {
        const stat = lstatSync(join(rootfs, path));
        return stat.isFile() && stat.size > 0 && (stat.mode & 0o111) !== 0;
      });
      const loader = process.arch === "arm64" ? "ld-linux-aarch64.so.1" : "ld-linux-x86-64.so.2";
      expect(executables.map((path) => basename(path)).sort()).toEqual([loader, "libc.so.6", "node", "registrar.mjs"]);
      expect(filesIn(rootfs).filter((path) => /python|\.py$/.test(path))).toEqual([]);
    });

    it("tells scanners of the Debian packages that its files are of", () => {
      const { rootfs } = imageOf("default");
      const folder = join(rootfs, "var/lib/dpkg/status.d");
      const packages = ["base-files", "ca-certificates", "libatomic1", "libc6", "libgcc-s1", "libstdc++6"];
      expect(readdirSync(folder).sort()).toEqual(packages);
      for (const name of packages) {
        const status = readFileSync(join(folder, name), "utf8");
        expect(status.split("\n")).toEqual(
          expect.arrayContaining([`Package: ${name}`, "Status: install ok installed"]),
        );
        expect(status).toMatch(/^Version: \d/m);
      }
      expect(readFileSync(join(rootfs, "etc/os-release"), "utf8")).toMatch(/^ID=debian$/m);
    });
  });

  describe("flyte", () => {
    it("holds byte code that is valid whatever the times of files are", async () => {
      const folder = join(imageOf("flyte").rootfs, "opt/flyte/lib/python3.13/site-packages/flyte/__pycache__");
      const files = (await readdir(folder)).filter((name) => name.endsWith(".pyc"));
      expect(files.length).toBeGreaterThan(10);
      // Bytes 4 to 7 of byte code: 1 is "compare nothing" (PEP 552).
      for (const file of files) expect(readFileSync(join(folder, file)).readUInt32LE(4), file).toBe(1);
    });

    it("says that memory does not suffice, before the kernel ends it", async () => {
      await using plane = await startControlPlane();
      const url = plane.url.replace("localhost", "127.0.0.1");
      const flags = ["--control-plane-endpoint", url, "--app-version", "2026.3.4", "--release-cluster", "test"];
      const env = { REGISTRAR_TASK_DEPLOY_WITH: "flyte" };
      const run = await imageOf("flyte").run(["register", ...flags], { memory: 96, env });
      expect(run).toMatchObject({ exitCode: 1, output: expect.stringContaining("ERROR memory-too-low") });
      expect(plane.registrations()).toEqual([]);
    });
  });
});

/** Everything below a folder, by its path in it; no link is followed. */
function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? [path, ...filesIn(folder, path)] : [path];
  });
}

/** A folder with these files, which everybody may read. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "image-test-"));
  await chmod(path, 0o755);
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
