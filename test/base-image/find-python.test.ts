import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { findPython, type PythonQuestion } from "../../src/base-image/find-python.ts";
import { defaultLimits } from "../../src/base-image/read-layers.ts";
import { problem } from "../../src/findings/registrar-error.ts";
import { imagesOf } from "../../testing/base-image/images.ts";
import { directory, type Entry, file, link, packLayer, whiteout } from "../../testing/base-image/layer.ts";
import { type MemoryRegistry, memoryRegistry } from "../../testing/base-image/memory-registry.ts";
import { placeholder } from "../../testing/base-image/parts.ts";

const reference = { host: "registry.test", repository: "base", tag: "1", digest: undefined };
const platform = { os: "linux", architecture: "amd64" };
const never = new AbortController().signal;

function ask(registry: ReturnType<typeof memoryRegistry>, question: Partial<PythonQuestion> = {}) {
  return findPython(registry, { reference, platform, wanted: ["3.12"], ...question }, never);
}

describe("the Python of an image", () => {
  it.each(imagesOf(placeholder))("$name: $verdict", async ({ env, layers, packing, wanted, verdict }) => {
    const registry = memoryRegistry(env, await Promise.all(layers.map((layer) => packLayer(layer, packing))));
    const { verdicts } = await ask(registry, { wanted: [wanted] });
    expect(verdicts.get(wanted)).toMatchObject({ kind: verdict });
  });
});

/** Half a layer's bytes are random, so that it does not shrink. */
const noise = randomBytes(4_000);
const debian = [file("usr/bin/python3.12", noise, 0o755), file("usr/lib/python3.12/os.py")];

async function registryOf(layers: readonly (readonly Entry[])[], env: readonly string[] = []): Promise<MemoryRegistry> {
  return memoryRegistry(env, await Promise.all(layers.map((layer) => packLayer(layer, "gzip"))));
}

const large = [file("model.bin", randomBytes(50_000))];

describe("what is read", () => {
  it("is nothing if the configuration declares the version", async () => {
    const registry = await registryOf([debian], ["PYTHON_VERSION=3.12.4"]);
    const found = await ask(registry);
    expect(registry.bytesServed).toBe(0);
    expect(found.verdicts.get("3.12")).toEqual({
      kind: "found",
      where: "PYTHON_VERSION in its configuration",
      unreadAbove: { layers: 0, bytes: 0 },
    });
    expect(found).toMatchObject({ versions: ["3.12"], isComplete: false, bytesRead: 0, unread: { layers: 1 } });
  });

  it("is the small layer where it is, not the large one above, which is named as an assumption", async () => {
    const registry = await registryOf([debian, large]);
    const { verdicts, bytesRead, unread } = await ask(registry);
    expect(registry.bytesServed).toBeLessThan(5_000);
    expect(bytesRead).toBe(registry.bytesServed);
    expect(unread).toEqual({ layers: 1, bytes: expect.toSatisfy((bytes) => bytes > 50_000) });
    expect(verdicts.get("3.12")).toEqual({ kind: "found", where: "/usr/bin/python3.12", unreadAbove: unread });
  });

  it("assumes nothing of a large layer below", async () => {
    const { verdicts, unread } = await ask(await registryOf([large, debian]));
    expect(unread.layers).toBe(1);
    expect(verdicts.get("3.12")).toMatchObject({ kind: "found", unreadAbove: { layers: 0, bytes: 0 } });
  });

  it("is all of it before a version is said to be missing", async () => {
    const found = await ask(await registryOf([debian, large]), { wanted: ["3.11"] });
    expect(found.verdicts.get("3.11")).toEqual({ kind: "not-found" });
    expect(found).toMatchObject({ versions: ["3.12"], isComplete: true, unread: { layers: 0, bytes: 0 } });
  });

  it("goes on until each version is found", async () => {
    const other = [
      file("opt/py/bin/python3.11", noise, 0o755),
      file("opt/py/lib/python3.11/os.py"),
      file("pad", noise),
    ];
    const env = ["PATH=/usr/bin:/opt/py/bin"];
    const found = await ask(await registryOf([debian, other, large], env), { wanted: ["3.12", "3.11"] });
    expect([...found.verdicts].map(([version, { kind }]) => [version, kind])).toEqual([
      ["3.12", "found"],
      ["3.11", "found"],
    ]);
    expect(found).toMatchObject({ versions: ["3.11", "3.12"], unread: { layers: 1 } });
  });

  it.each([
    [[], ["3.12"], 0],
    [["PYTHON_VERSION=3.9.1"], ["3.9"], 1],
  ])(
    "without a version that is wanted, with variables %j, is what lists versions: %j",
    async (env, versions, layers) => {
      const found = await ask(await registryOf([debian], env), { wanted: [] });
      expect(found).toMatchObject({ versions, unread: { layers }, verdicts: new Map() });
    },
  );

  it("ends at the limit, and the version is not known", async () => {
    const limits = { ...defaultLimits, storedBytes: 50_000 };
    const found = await ask(await registryOf([debian, large]), { wanted: ["3.11"], limits });
    expect(found.verdicts.get("3.11")).toEqual({ kind: "unknown", why: "at most 0 MB of layers are read" });
    expect(found).toMatchObject({ isComplete: false, unread: { layers: 1 } });
  });

  it("ends when there is no more time, and what was read by then counts", async () => {
    const enough = new AbortController();
    const endless = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", size: 1e6 };
    const open = () => {
      enough.abort();
      return new Readable({ read() {} });
    };
    const registry = memoryRegistry([], [await packLayer(debian, "gzip"), { ...endless, open }]);
    const { verdicts } = await ask(registry, { wanted: ["3.11", "3.12"], enough: enough.signal });
    expect(verdicts.get("3.12")).toMatchObject({ kind: "found" });
    expect(verdicts.get("3.11")).toEqual({ kind: "unknown", why: "there was no time to read them all" });
  });

  it("is given up by the caller's signal", async () => {
    const abort = new AbortController();
    const open = () => {
      abort.abort(new Error("the caller leaves"));
      return new Readable({ read() {} });
    };
    const registry = memoryRegistry([], [{ mediaType: "application/vnd.oci.image.layer.v1.tar", size: 1e6, open }]);
    const asked = findPython(registry, { reference, platform, wanted: ["3.12"] }, abort.signal);
    await expect(asked).rejects.toThrow("the caller leaves");
  });

  it("goes on after a damaged layer, which leaves a missing version unknown", async () => {
    const damaged = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", bytes: Buffer.from("<html>") };
    const registry = memoryRegistry([], [damaged, await packLayer(debian, "gzip")]);
    const { verdicts, failure } = await ask(registry, { wanted: ["3.11", "3.12"] });
    expect(verdicts.get("3.12")).toMatchObject({ kind: "found" });
    expect(verdicts.get("3.11")).toEqual({
      kind: "unknown",
      why: expect.stringMatching(/^layer sha256:\w+: incorrect header/),
    });
    expect(failure).toBeUndefined();
  });

  it("is bounded by what is kept of all layers together, and says first what was damaged", async () => {
    const named = (name: string) => [directory(`${name}${"x".repeat(200)}`)];
    const layers = [await packLayer(named("a"), "tar"), await packLayer(named("b"), "tar")];
    const asked = (keptBytes: number) =>
      ask(memoryRegistry([], layers), { wanted: ["3.11"], limits: { ...defaultLimits, keptBytes } });
    expect((await asked(402)).verdicts.get("3.11")).toEqual({ kind: "not-found" });
    expect((await asked(401)).verdicts.get("3.11")).toEqual({
      kind: "unknown",
      why: expect.stringContaining("more directories and links than are kept"),
    });
    const limits = { ...defaultLimits, keptBytes: 100, storedBytes: 3_000 };
    expect((await ask(memoryRegistry([], layers), { wanted: ["3.11"], limits })).verdicts.get("3.11")).toEqual({
      kind: "unknown",
      why: expect.stringContaining("more directories and links than are kept"),
    });
  });

  it("ends where the registry gives no layer", async () => {
    const refusal = problem("registry-rejected", { endpoint: "https://registry.test", status: 403, image: "base" });
    const registry = memoryRegistry([], [await packLayer(debian, "gzip"), await packLayer(large, "gzip")], refusal);
    const { verdicts, failure, unread } = await ask(registry);
    expect(verdicts.get("3.12")).toMatchObject({ kind: "unknown" });
    expect(failure).toBe(refusal);
    expect(unread.layers).toBe(2);
  });
});

describe("configuration files", () => {
  it("are those of uv and pip, of the highest layer", async () => {
    const lower = [file("etc/pip.conf", "lower"), file("etc/uv/uv.toml", "gone"), file("data/.pip/pip.conf", "home")];
    const upper = [file("etc/pip.conf", "upper"), whiteout("etc/uv/uv.toml"), file("opt/venv/pip.conf", "venv")];
    const linked = [link("etc/xdg/pip/pip.conf", "/etc/pip.conf"), link("data/.config/uv/uv.toml", "/somewhere")];
    const env = ["HOME=/data", "VIRTUAL_ENV=/opt/venv", "UV_CONFIG_FILE=/uv.toml", "PIP_CONFIG_FILE=relative.conf"];
    const { configFiles, isComplete } = await ask(await registryOf([lower, upper, linked], env));
    expect([...configFiles].sort()).toEqual([
      ["/data/.config/uv/uv.toml", undefined],
      ["/data/.pip/pip.conf", "home"],
      ["/etc/pip.conf", "upper"],
      ["/etc/xdg/pip/pip.conf", "upper"],
      ["/opt/venv/pip.conf", "venv"],
    ]);
    expect(isComplete).toBe(true);
  });
});
