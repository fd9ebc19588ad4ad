import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { parseImageEnvironment, searchDirectories } from "../../src/base-image/image-environment.ts";
import type { LayerFacts } from "../../src/base-image/layer-facts.ts";
import { mergeLayers } from "../../src/base-image/merged-files.ts";
import { readLayer } from "../../src/base-image/read-layer.ts";
import { findAsUv } from "../../src/base-image/uv-python.ts";
import { parseConfig } from "../../src/registry/manifests.ts";
import { nearestTags, nextPageOf, parseTags, sortTags } from "../../src/registry/tags.ts";

const limits = { storedBytes: 1e8, unpackedBytes: 1e8, keptBytes: 3e7 };

/** What is kept of a layer of these entries. */
async function factsOf(entries: readonly { name: string; type?: "symlink" | "directory"; linkname?: string }[]) {
  const archive = pack();
  for (const { name, type = "file" as const, linkname } of entries)
    archive.entry({ name, type, mode: 0o755, ...(linkname !== undefined && { linkname }) }, "");
  archive.finalize();
  const mediaType = "application/vnd.oci.image.layer.v1.tar+gzip";
  const request = { mediaType, configFiles: new Set<string>(), limits, onBytes: () => {} };
  return await readLayer(Readable.from([gzipSync(await buffer(archive))]), request, new AbortController().signal);
}

/** Milliseconds of CPU that a piece of work takes. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1_000;
}

describe("a base image", () => {
  it("has nothing outside of it, whatever its names and links say", async () => {
    const files = mergeLayers([
      [
        0,
        await factsOf([
          { name: "../../../usr/bin/python3.12" },
          { name: "/opt/../../../etc/python3" },
          { name: "bin", type: "symlink", linkname: "../../../../../usr/bin" },
          { name: "__proto__/python3" },
        ]),
      ],
    ]);
    expect(files.resolve("/bin/python3.12")).toMatchObject({ kind: "file", path: "usr/bin/python3.12" });
    expect(files.resolve("/../../etc/python3")).toMatchObject({ kind: "file", path: "etc/python3" });
    expect(files.resolve("/__proto__/python3")).toMatchObject({ kind: "file" });
    expect({}).not.toHaveProperty("python3");
  });

  it("has no names and links that no kernel has", async () => {
    const long = "a/".repeat(2_100);
    const facts = await factsOf([
      { name: `${long}python3` },
      { name: "link", type: "symlink", linkname: "/".repeat(1_000_000) },
      { name: "python3", type: "symlink", linkname: "usr/bin/python3" },
    ]);
    expect(facts.entries).toEqual([{ kind: "link", path: "python3", target: "usr/bin/python3" }]);
  });

  it("costs no time by links that lead through thousands of directories", async () => {
    const through = "d/".repeat(2_000);
    const chain = Array.from({ length: 39 }, (_, index) => ({
      kind: "link" as const,
      path: `l${index}`,
      target: `${through}${"../".repeat(20)}l${index + 1}`.slice(0, 4_090),
    }));
    const many = Array.from({ length: 50_000 }, (_, index) => ({
      kind: "file" as const,
      path: `l0/${index}/python3`,
      isExecutable: true,
    }));
    const facts: LayerFacts = { entries: [...chain, ...many], directories: [], removed: [], emptied: [], weight: 0 };
    expect(await cpuOf(() => mergeLayers([[0, facts]]).resolve("l0/1/python3"))).toBeLessThan(3_000);
  });

  it("costs no time by its variables", async () => {
    const text = JSON.stringify({
      os: "linux",
      architecture: "amd64",
      config: { Env: [`PATH=${"/".repeat(1_000_000)}a`, `PATH=/usr/bin:${"/".repeat(100_000)}a`] },
    });
    const environment = parseImageEnvironment(parseConfig(text).env);
    expect(searchDirectories(environment)).toHaveLength(2);
    const files = mergeLayers([]);
    expect(await cpuOf(() => findAsUv(files, environment, "3.12"))).toBeLessThan(1_000);
  });
});

describe("a registry", () => {
  it("costs no time by its tags", async () => {
    const odd = Array.from({ length: 300 }, (_, index) => `${"1.".repeat(13_000)}${index}`);
    const page = JSON.stringify({ tags: [...odd, "3.12", "", "-x", "a b", "a\u001b[2J"] });
    expect(parseTags(page)).toEqual(["3.12"]);
    expect(await cpuOf(() => nearestTags("3".repeat(128), sortTags(parseTags(page)), 5))).toBeLessThan(1_000);
  });

  it("costs no time by the address of its next page, which is its own", async () => {
    expect(await cpuOf(() => nextPageOf("<a>; ".repeat(4_000)))).toBeLessThan(200);
    expect(nextPageOf('<https://elsewhere.example/v2/x/tags/list?n=1>; rel="next"')).toBe("?n=1");
  });
});
