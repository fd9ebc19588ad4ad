import { describe, expect, it } from "vitest";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { problem, RegistrarError } from "../../../src/findings/registrar-error.ts";
import {
  createRegistryImages,
  type ManifestClient,
  unlessMissing,
} from "../../../src/images/mirror/registry-images.ts";
import { parseImageReference } from "../../../src/registry/image-reference.ts";
import { systemClock } from "../../../src/system/clock.ts";

const always = new AbortController().signal;
const reference = parseImageReference("mirror.test/a/b:1");
const digests = ["a", "b", "c"].map((letter) => `sha256:${letter.repeat(64)}`);
const [indexDigest = ""] = digests;
const index = {
  kind: "index",
  mediaType: "index",
  digest: indexDigest,
  manifests: [],
  digests: digests.slice(1),
} as const;

const args = {
  endpoint: "https://registry.test",
  host: "registry.test",
  image: "registry.test/acme/base:1",
  repository: "registry.test/acme/base",
  path: "acme/base",
  tag: "1",
  nearest: "",
  digest: indexDigest,
  file: "config.json",
  status: 403,
  withLogin: false,
};

function failure(code: Code): RegistrarError {
  return new RegistrarError({ code, severity: "error", args, why: "" });
}

/** A registry that has the index, and these manifests of it. */
function registryWith(present: readonly string[], asked: string[] = []): ManifestClient {
  return {
    readManifest: async () => index,
    headManifest: async ({ tag, digest = "" }) => {
      asked.push(`${tag}@${digest}`);
      if (!present.includes(digest)) throw failure("image-digest-missing");
      return { mediaType: "manifest", digest, size: 1 };
    },
  };
}

describe("an image of a registry", () => {
  it("is whole if each manifest is there that its index lists, attestations too", async () => {
    const asked: string[] = [];
    const images = createRegistryImages(registryWith(digests, asked), systemClock);
    expect((await images.readWhole(reference, always)).digest).toBe(indexDigest);
    expect(asked).toEqual(digests.slice(1).map((digest) => `undefined@${digest}`));
  });

  it("is not whole without one of them, and then has to be copied", async () => {
    const images = createRegistryImages(registryWith(digests.slice(0, 2)), systemClock);
    await expect(images.readWhole(reference, always)).rejects.toMatchObject({ code: "image-digest-missing" });
    expect(await unlessMissing(images.readWhole(reference, always))).toBeUndefined();
  });

  it("is asked for again if the registry fails for a moment", async () => {
    let attempts = 0;
    const client: ManifestClient = {
      ...registryWith(digests),
      readManifest: async () => {
        if (attempts++ === 0) throw failure("registry-unavailable");
        return index;
      },
    };
    const clock = { ...systemClock, sleep: async () => {} };
    expect((await createRegistryImages(client, clock).read(reference, always)).digest).toBe(indexDigest);
    expect(attempts).toBe(2);
  });
});

describe("unlessMissing", () => {
  it.each([
    "image-repository-missing",
    "image-tag-missing",
    "image-digest-missing",
    "registry-login-required",
    "registry-forbidden",
  ] as const)("%s may mean that nothing is there yet", async (code) => {
    expect(await unlessMissing(Promise.reject(failure(code)))).toBeUndefined();
  });

  it.each(["registry-refused", "registry-name-unknown", "registry-login-refused"] as const)(
    "%s is the cause itself",
    async (code) => {
      await expect(unlessMissing(Promise.reject(failure(code)))).rejects.toMatchObject({ code });
    },
  );

  it("hides no bug", async () => {
    await expect(unlessMissing(Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
    await expect(unlessMissing(Promise.reject(problem("internal-error", {})))).rejects.toThrow("internal-error");
  });
});
