import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { problem, type RegistrarError } from "../../../src/findings/registrar-error.ts";
import { type Copy, copyImage } from "../../../src/images/mirror/copy-image.ts";
import { copyTools } from "../../../src/images/mirror/copy-tools.ts";
import { blobFile } from "../../../src/images/mirror/layout-blobs.ts";
import { imagesOfLayout } from "../../../src/images/mirror/layout-index.ts";
import { mirrorImages } from "../../../src/images/mirror/mirror-images.ts";
import type { RegistryImages } from "../../../src/images/mirror/registry-images.ts";
import { formatImageReference, parseImageReference } from "../../../src/registry/image-reference.ts";
import { systemClock } from "../../../src/system/clock.ts";
import type { ProcessRequest, ProcessResult } from "../../../src/system/process.ts";
import { imageContent, indexContent } from "../../../testing/registry/image-content.ts";
import { fillFolder } from "../../../testing/registry/layout-folder.ts";

const root = mkdtempSync(join(tmpdir(), "copy-test-"));
afterAll(() => rmSync(root, { recursive: true }));

const always = new AbortController().signal;
const image = indexContent([imageContent(), imageContent({ architecture: "arm64" })]);
const other = imageContent({ layers: [Buffer.from("another")] });
const source = "ghcr.io/a/b:1";
const target = "mirror.test/m/a/b:1";
const copy: Copy = {
  way: "between registries",
  source: parseImageReference(source),
  target: parseImageReference(target),
};

/** Registries that have these digests, by reference; and what a tool does to them. */
function lab(has: Record<string, string>, run: (request: ProcessRequest) => Partial<ProcessResult> | undefined) {
  const requests: ProcessRequest[] = [];
  const read: RegistryImages["read"] = async (reference) => {
    const digest = has[formatImageReference(reference)];
    if (digest === undefined) {
      const at = { endpoint: `https://${reference.host}`, repository: "", path: "", tag: "", nearest: "" };
      throw problem("image-tag-missing", at);
    }
    return { digest, mediaType: image.mediaType };
  };
  const dependencies = {
    registries: { read, readWhole: read },
    tool: copyTools.crane,
    runProcess: async (request: ProcessRequest) => {
      requests.push(request);
      return { exitCode: 0, stdout: "", stderr: "", timedOut: false, ...run(request) };
    },
    environment: {},
    cwd: "/",
    options: { insecureHosts: [], hasPolicy: true },
    to: "mirror.test/m",
    temporaryFolder: root,
    runId: "1.1",
    clock: systemClock,
  };
  return { dependencies, requests };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "none",
    (error: RegistrarError) => error.code,
  );
}

describe("a copy between registries", () => {
  it("runs the tool on the digest that the tag has now, and writes the tag", async () => {
    const has: Record<string, string> = { [source]: image.digest };
    const { dependencies, requests } = lab(has, () => {
      has[target] = image.digest;
      return undefined;
    });
    expect(await copyImage(copy, dependencies, always)).toEqual({ state: "copied", digest: image.digest });
    expect(requests.map(({ args }) => args)).toEqual([["copy", `ghcr.io/a/b@${image.digest}`, target]]);
  });

  it("is none if the target has the digest", async () => {
    const { dependencies, requests } = lab({ [source]: image.digest, [target]: image.digest }, () => undefined);
    expect(await copyImage(copy, dependencies, always)).toEqual({ state: "there", digest: image.digest });
    expect(requests).toEqual([]);
  });

  it("is only planned without a tool", async () => {
    const { dependencies } = lab({ [source]: image.digest, [target]: other.digest }, () => undefined);
    const planned = await copyImage(copy, { ...dependencies, tool: undefined }, always);
    expect(planned).toEqual({ state: "planned", digest: image.digest });
  });

  it.each([
    ["the tool fails", {}, { exitCode: 1, stderr: "Error: denied" }, "mirror-copy-failed"],
    ["the tool takes too long", {}, { exitCode: 143, timedOut: true }, "mirror-copy-failed"],
    ["the tool cannot be started", {}, { exitCode: undefined, startFailure: "ENOENT" }, "mirror-copy-failed"],
    ["the target has another digest afterwards", { [target]: other.digest }, {}, "mirror-copy-differs"],
    ["the target has nothing afterwards", {}, {}, "image-tag-missing"],
  ])("fails if %s", async (_, added, result, code) => {
    const has: Record<string, string> = { [source]: image.digest };
    const { dependencies } = lab(has, () => {
      Object.assign(has, added);
      return result as Partial<ProcessResult>;
    });
    expect(await codeOf(copyImage(copy, dependencies, always))).toBe(code);
  });

  it("fails before the tool runs if the source has no such image", async () => {
    const { dependencies, requests } = lab({}, () => undefined);
    expect(await codeOf(copyImage(copy, dependencies, always))).toBe("image-tag-missing");
    expect(requests).toEqual([]);
  });
});

describe("a copy into a layout", () => {
  const into = (folder: string): Copy => ({
    way: "into a layout",
    source: parseImageReference(source),
    target: { folder, reference: source, mirrorPath: "a/b" },
  });
  const filled = ({ args }: ProcessRequest) => fillFolder(args.at(-1) ?? "", image, "oci");

  it("names the image after its blobs have been verified, and is none afterwards", async () => {
    const folder = mkdtempSync(join(root, "layout-"));
    const { dependencies, requests } = lab({ [source]: image.digest }, (request) => {
      expect(imagesOfLayout(folder)).toEqual([]);
      filled(request);
      return undefined;
    });
    expect(await copyImage(into(folder), dependencies, always)).toEqual({ state: "copied", digest: image.digest });
    expect(imagesOfLayout(folder)).toMatchObject([{ reference: source, mirrorPath: "a/b" }]);
    expect(await copyImage(into(folder), dependencies, always)).toMatchObject({ state: "there" });
    rmSync(blobFile(folder, image.children[0]?.digest ?? ""));
    expect(await copyImage(into(folder), { ...dependencies, tool: undefined }, always)).toMatchObject({
      state: "planned",
    });
    expect(requests).toHaveLength(1);
  });

  it("names nothing if the tool has left something out", async () => {
    const folder = mkdtempSync(join(root, "layout-"));
    const { dependencies } = lab({ [source]: image.digest }, (request) => {
      filled(request);
      rmSync(blobFile(request.args.at(-1) ?? "", image.children[0]?.digest ?? ""));
      return undefined;
    });
    expect(await codeOf(copyImage(into(folder), dependencies, always))).toBe("mirror-copy-failed");
    expect(imagesOfLayout(folder)).toEqual([]);
  });
});

describe("a copy from a layout", () => {
  const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  const from = (folder: string): Copy => ({
    way: "from a layout",
    source: { folder, image: { reference: source, mirrorPath: "a/b", descriptor } },
    target: parseImageReference(target),
  });

  it("gives the tool the one image", async () => {
    const folder = mkdtempSync(join(root, "layout-"));
    fillFolder(folder, image, "oci");
    const has: Record<string, string> = {};
    const { dependencies } = lab(has, ({ args }) => {
      expect(imagesOfLayout(args[1] ?? "")).toHaveLength(1);
      has[target] = image.digest;
      return undefined;
    });
    expect(await copyImage(from(folder), dependencies, always)).toEqual({ state: "copied", digest: image.digest });
  });

  it("fails before the tool runs if the image is broken", async () => {
    const { dependencies, requests } = lab({}, () => undefined);
    expect(await codeOf(copyImage(from(join(root, "missing")), dependencies, always))).toBe("mirror-layout-broken");
    expect(requests).toEqual([]);
  });
});

describe("a set of images", () => {
  it("is copied although one of them fails", async () => {
    const has: Record<string, string> = { [source]: image.digest, [target]: image.digest };
    const { dependencies } = lab(has, () => undefined);
    const missing: Copy = { ...copy, source: parseImageReference("ghcr.io/missing:1") };
    const heard: string[] = [];
    const listener = {
      started: (name: string) => heard.push(`start ${name}`),
      ended: (ended: { source: string; state: string }) => heard.push(`${ended.state} ${ended.source}`),
    };
    const images = await mirrorImages([missing, copy], 1, dependencies, listener, always);
    expect(images.map(({ state, finding }) => [state, finding?.code])).toEqual([
      ["failed", "image-tag-missing"],
      ["there", undefined],
    ]);
    expect(heard).toEqual([
      "start ghcr.io/missing:1",
      "failed ghcr.io/missing:1",
      `start ${source}`,
      `there ${source}`,
    ]);
  });

  it("ends with the run", async () => {
    const reason = new Error("ended");
    const { dependencies } = lab({}, () => undefined);
    const listener = { started: () => {}, ended: () => {} };
    await expect(mirrorImages([copy], 1, dependencies, listener, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
