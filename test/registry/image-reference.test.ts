import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  apiHostOf,
  formatImageReference,
  type ImageReference,
  parseImageReference,
  readImageReference,
} from "../../src/registry/image-reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What github.com/distribution/reference v0.6.0 makes of them (ParseNormalizedNamed, TagNameOnly). */
const references: [text: string, host: string, repository: string, tag: string | undefined, digest?: string][] = [
  ["python", "docker.io", "library/python", "latest"],
  ["python:3.12-slim", "docker.io", "library/python", "3.12-slim"],
  ["acme/base:1", "docker.io", "acme/base", "1"],
  ["docker.io/python", "docker.io", "library/python", "latest"],
  ["docker.io/acme/base", "docker.io", "acme/base", "latest"],
  ["index.docker.io/python:3", "docker.io", "library/python", "3"],
  ["registry-1.docker.io/library/python:3", "registry-1.docker.io", "library/python", "3"],
  ["ghcr.io/flyteorg/flyte:py3.12-v2.12.1", "ghcr.io", "flyteorg/flyte", "py3.12-v2.12.1"],
  ["localhost/base", "localhost", "base", "latest"],
  ["localhost:5000/base", "localhost:5000", "base", "latest"],
  ["registry:5000/a/b/c:1.2", "registry:5000", "a/b/c", "1.2"],
  ["Registry/base", "Registry", "base", "latest"],
  ["[2001:db8::1]:5000/base:1", "[2001:db8::1]:5000", "base", "1"],
  ["[::1]/base", "[::1]", "base", "latest"],
  ["127.0.0.1:5000/base", "127.0.0.1:5000", "base", "latest"],
  [`ghcr.io/acme/base@${digest}`, "ghcr.io", "acme/base", undefined, digest],
  [`ghcr.io/acme/base:1@${digest}`, "ghcr.io", "acme/base", "1", digest],
  [`localhost:5000/base@${digest}`, "localhost:5000", "base", undefined, digest],
  ["a/b_c/d__e/f--g/h.i:T_-.9", "docker.io", "a/b_c/d__e/f--g/h.i", "T_-.9"],
];

const malformed: [text: string, fault: RegExp][] = [
  ["", /path/],
  [" python", /path/],
  ["Python", /path/],
  ["https://ghcr.io/acme/base", /tag|host|path/],
  ["ghcr.io/acme/Base:1", /path/],
  ["ghcr.io/acme//base", /path/],
  ["ghcr.io/acme/base/", /path/],
  ["ghcr.io/", /path/],
  ["ghcr.io/acme/base:", /tag/],
  ["ghcr.io/acme/base:-1", /tag/],
  [`ghcr.io/acme/base:${"a".repeat(129)}`, /tag/],
  ["ghcr.io/acme/base@latest", /digest/],
  ["ghcr.io/acme/base@sha256:abc", /digest/],
  [`ghcr.io/acme/base@${digest.toUpperCase()}`, /digest/],
  [`ghcr.io/acme/base@${digest}@${digest}`, /more than one @/],
  ["-a.io/acme/base", /host/],
  ["ghcr.io:port/acme/base", /host/],
  ["[::1/base", /host/],
  ["acme/ba..se", /path/],
  ["acme/base.", /path/],
  ["0123456789abcdef".repeat(4), /id/],
  [`ghcr.io/${"a".repeat(256)}`, /255/],
];

describe("a reference to an image", () => {
  test.each(references)("%s is read", (text, host, repository, tag, its) => {
    expect(readImageReference(text)).toEqual({ host, repository, tag, digest: its });
  });

  test.each(malformed)("%j is none", (text, fault) => {
    expect(readImageReference(text)).toMatch(fault);
    expect(() => parseImageReference(text)).toThrow(expect.objectContaining({ code: "image-reference-malformed" }));
  });

  test("is read back as it is written", () => {
    const component = fc.stringMatching(/^[a-z0-9]+([._-][a-z0-9]+){0,2}$/);
    const any = fc.record<ImageReference>({
      host: fc.constantFrom("docker.io", "ghcr.io", "localhost:5000", "[::1]:5000", "Registry"),
      repository: fc.array(component, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("/")),
      tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
      digest: fc.option(fc.constant(digest), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, (reference) => {
        const { tag, digest } = reference;
        const expected = tag === undefined && digest === undefined ? { ...reference, tag: "latest" } : reference;
        expect(parseImageReference(formatImageReference(reference))).toEqual(expected);
      }),
    );
  });

  test("never throws anything but its code", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aA0.:/@-_[] \n\0é") }), (text) => {
        const read = readImageReference(text);
        if (typeof read !== "string") expect(readImageReference(formatImageReference(read))).toEqual(read);
      }),
    );
  });

  test("of Docker Hub is served by another host", () => {
    expect(apiHostOf(parseImageReference("python"))).toBe("registry-1.docker.io");
    expect(apiHostOf(parseImageReference("ghcr.io/acme/base"))).toBe("ghcr.io");
  });
});
