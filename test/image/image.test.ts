import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority } from "../control-plane/certificates.ts";
import { startControlPlane } from "../control-plane/start.ts";
import { compressedBytes, type Image, missingHere, openImage } from "./container.ts";

const missing = missingHere();
if (missing) process.stderr.write(`SKIPPED: the tests of the container image: ${missing}\n`);

const megabyte = 1_000_000;
const patience = 15 * 60_000;

describe.skipIf(missing)("the container image", () => {
  let image: Image;
  beforeAll(async () => {
    image = await openImage();
  }, patience);
  afterAll(() => image?.[Symbol.asyncDispose]());

  it("says what it is, and starts the program as a user without rights", () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect(image.config).toMatchObject({
      Entrypoint: ["registrar"],
      User: "65532:65532",
      Labels: {
        "org.opencontainers.image.title": "image-builder-registrar",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0",
      },
    });
  });

  it("is at most 115 MB as a registry stores it", async () => {
    expect(await compressedBytes(image.archive)).toBeLessThanOrEqual(115 * megabyte);
  });

  it.each(["pip", "pip3", "npm", "npx", "uv", "gcc", "cc", "make", "apt-get", "perl", "curl"])(
    "has no %s",
    (program) => {
      const places = ["usr/local/bin", "usr/bin", "usr/sbin", "opt/flyte/bin"];
      expect(places.filter((place) => existsSync(join(image.rootfs, place, program)))).toEqual([]);
    },
  );

  it("holds byte code that is valid whatever the times of files are", async () => {
    const folder = join(image.rootfs, "opt/flyte/lib/python3.13/site-packages/flyte/__pycache__");
    const files = (await readdir(folder)).filter((name) => name.endsWith(".pyc"));
    expect(files.length).toBeGreaterThan(10);
    // Bytes 4 to 7 of byte code: 1 is "compare nothing" (PEP 552).
    for (const file of files) expect(readFileSync(join(folder, file)).readUInt32LE(4), file).toBe(1);
  });

  it.each([
    { uid: 65532, gid: 65532 },
    { uid: 1_000_680_000, gid: 0 },
  ])("registers and verifies over TLS with a log-in, as user $uid, in 192 MiB", async (user) => {
    const authority = await createAuthority("private authority");
    const oauth = { clientId: "registrar", clientSecret: "canary-secret-1" };
    const tls = await authority.issue();
    await using plane = await startControlPlane({ tls, oauth: { ...oauth, tls } });
    const folder = await mkdtemp(join(tmpdir(), "image-test-"));
    await chmod(folder, 0o755);
    await writeFile(join(folder, "client_secret"), `${oauth.clientSecret}\n`);
    await writeFile(join(folder, "ca.crt"), authority.certificatePem);
    await writeFile(join(folder, "hosts"), "127.0.0.1 localhost\n");
    const flags = [
      ...["--control-plane-endpoint", plane.url, "--control-plane-org", "acme", "--app-version", "2026.3.4"],
      ...["--control-plane-auth-type", "clientSecret", "--control-plane-auth-client-id", oauth.clientId],
      ...["--control-plane-auth-client-secret-file", "/etc/auth/client_secret"],
      ...["--control-plane-ca-file", "/etc/auth/ca.crt"],
    ];
    const options = { ...user, mounts: { "/etc/auth": folder, "/etc/hosts": join(folder, "hosts") } };
    try {
      const first = await image.run(["register", ...flags], options);
      expect(first.output).toContain("registered: 2026.3.4 is current in system/production");
      expect(first.exitCode).toBe(0);
      expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4"]);
      const again = await image.run(["verify", ...flags], options);
      expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("current: 2026.3.4 is current") });
      expect(first.output + again.output).not.toContain(oauth.clientSecret);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says that memory does not suffice, before the kernel ends it", async () => {
    await using plane = await startControlPlane();
    const url = plane.url.replace("localhost", "127.0.0.1");
    const flags = ["--control-plane-endpoint", url, "--app-version", "2026.3.4"];
    const run = await image.run(["register", ...flags], { memory: 96 });
    expect(run).toMatchObject({ exitCode: 1, output: expect.stringContaining("ERROR memory-too-low") });
    expect(plane.registrations()).toEqual([]);
  });
});
