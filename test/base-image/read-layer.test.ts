import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type LayerRequest, readLayer } from "../../src/base-image/read-layer.ts";
import { directory, file, hardLink, link, opaque, packLayer, whiteout } from "../../testing/base-image/layer.ts";

const never = new AbortController().signal;
const limits = { storedBytes: 1e9, unpackedBytes: 1e9, keptBytes: 1e6 };
const gzip = "application/vnd.oci.image.layer.v1.tar+gzip";
const zstd = "application/vnd.oci.image.layer.v1.tar+zstd";

function read(bytes: Uint8Array | Readable, request: Partial<LayerRequest> = {}, signal = never) {
  const source = bytes instanceof Readable ? bytes : Readable.from([bytes]);
  return readLayer(source, { mediaType: gzip, configFiles: new Set(), limits, onBytes: () => {}, ...request }, signal);
}

const bytesOf = async (...entries: Parameters<typeof packLayer>[0]) => (await packLayer(entries, "tar")).bytes;

describe("what is kept of a layer", () => {
  it("is interpreters, links, directories, marks of libraries, and what it removes", async () => {
    const bytes = await bytesOf(
      directory("usr/"),
      directory("usr/lib/é"),
      file("usr/bin/python3.12", "program", 0o755),
      file("usr/bin/python3-config", "program", 0o755),
      file("usr/bin/pydoc3", "not executable"),
      file("usr/bin/ls", "program", 0o755),
      hardLink("usr/bin/python", "usr/bin/python3.12"),
      link("bin", "usr/bin"),
      file("./usr//lib/python3.12/os.py"),
      file("usr/lib/python3.12/re.py"),
      whiteout("opt/py"),
      opaque("srv"),
      file("srv/.wh..wh.plnk"),
    );
    const facts = await read(gzipSync(bytes));
    expect([...facts.directories]).toEqual(["usr", "usr/lib/é"]);
    expect(facts).toMatchObject({
      entries: [
        { kind: "file", path: "usr/bin/python3.12", isExecutable: true },
        { kind: "file", path: "usr/bin/python3-config", isExecutable: true },
        { kind: "file", path: "usr/bin/python", isExecutable: true, linkedTo: "usr/bin/python3.12" },
        { kind: "link", path: "bin", target: "usr/bin" },
        { kind: "file", path: "usr/lib/python3.12/os.py", isExecutable: false },
      ],
      removed: ["opt/py"],
      emptied: ["srv"],
    });
  });

  it("is the text of configuration files and of pyvenv.cfg, if it is no longer than 64 KiB", async () => {
    const long = "x".repeat(64 * 1024);
    const bytes = await bytesOf(
      file("etc/pip.conf", "[global]\nindex-url = é"),
      file("opt/a/pyvenv.cfg", "home = /usr"),
      file("etc/other.conf", "text"),
      file("etc/uv/uv.toml", long),
      file("root/.pip/pip.conf", `${long}x`),
    );
    const configFiles = new Set(["etc/pip.conf", "etc/uv/uv.toml", "root/.pip/pip.conf"]);
    const { entries } = await read(gzipSync(bytes), { configFiles });
    expect(entries).toEqual([
      { kind: "file", path: "etc/pip.conf", isExecutable: false, text: "[global]\nindex-url = é" },
      { kind: "file", path: "opt/a/pyvenv.cfg", isExecutable: false, text: "home = /usr" },
      { kind: "file", path: "etc/uv/uv.toml", isExecutable: false, text: long },
      { kind: "file", path: "root/.pip/pip.conf", isExecutable: false },
    ]);
  });
});

describe("a layer", () => {
  const names = ["one", "two", `${"long/".repeat(60)}three`].map((name) => directory(name));
  const paths = ["one", "two", `${"long/".repeat(60)}three`];
  const pathsOf = async (...args: Parameters<typeof read>) => [...(await read(...args)).directories];

  // eStargz has a member of gzip for each file, zstd:chunked a frame, and an index that decompressors skip.
  it("may be in several parts", async () => {
    const bytes = await bytesOf(...names);
    const parts = [bytes.subarray(0, 700), bytes.subarray(700, 2048), bytes.subarray(2048)];
    expect(await pathsOf(Buffer.concat(parts.map((part) => gzipSync(part))))).toEqual(paths);
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
    const frames = Buffer.concat([...parts.map((part) => zstdCompressSync(part)), skippable]);
    expect(await pathsOf(frames, { mediaType: zstd })).toEqual(paths);
  });

  it("may arrive in any pieces", async () => {
    const bytes = gzipSync(await bytesOf(...names));
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(await pathsOf(Readable.from(pieces))).toEqual(paths);
  });

  it.each([
    ["is cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20), /unexpected end of file/],
    ["is no gzip", () => Buffer.from("<html>"), /incorrect header check/],
    ["has no archive in it", () => gzipSync(Buffer.alloc(2048, "text")), /tar/i],
    [
      "has an archive that is cut off",
      (_: Buffer, tar: Uint8Array) => gzipSync(tar.subarray(0, 700)),
      /Unexpected end/,
    ],
  ])("that %s is refused", async (_name, damage, message) => {
    const tar = await bytesOf(file("a", "text".repeat(1000)));
    await expect(read(damage(gzipSync(tar), tar))).rejects.toThrow(message);
  });

  it.each(["application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "text/html", ""])(
    "of type %j is refused",
    async (mediaType) => {
      const source = Readable.from([Buffer.from("x")]);
      await expect(read(source, { mediaType })).rejects.toThrow(`its media type is ${mediaType}`);
      expect(source.destroyed).toBe(true);
    },
  );

  it("is refused beyond a limit", async () => {
    const bytes = gzipSync(await bytesOf(file("zeros", Buffer.alloc(1_000_000)), ...names));
    await expect(read(bytes, { limits: { ...limits, storedBytes: 100 } })).rejects.toThrow(
      "more bytes than its manifest says",
    );
    await expect(read(bytes, { limits: { ...limits, unpackedBytes: 999_999 } })).rejects.toThrow(
      "more than 999999 bytes",
    );
    const { weight } = await read(bytes);
    await expect(read(bytes, { limits: { ...limits, keptBytes: weight - 1 } })).rejects.toThrow(
      "more directories and links",
    );
    await expect(read(bytes, { limits: { ...limits, keptBytes: weight } })).resolves.toBeDefined();
  });

  it("is given up by its signal, and its source is destroyed", async () => {
    const abort = new AbortController();
    const endless = new Readable({ read() {} });
    const reading = read(endless, {}, abort.signal);
    endless.push(gzipSync(Buffer.alloc(100)).subarray(0, 15));
    abort.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(endless.destroyed).toBe(true);
  });

  it("that breaks off says why", async () => {
    const broken = new Readable({ read() {} });
    const reading = read(broken);
    broken.destroy(new Error("reset by peer"));
    await expect(reading).rejects.toThrow("reset by peer");
  });
});
