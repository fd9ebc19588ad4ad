import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sourceText, targetText } from "../../../src/images/mirror/copy-image.ts";
import { nameInLayout } from "../../../src/images/mirror/layout-index.ts";
import { planCopies, planCopiesFrom } from "../../../src/images/mirror/plan-copies.ts";
import { requiredImages } from "../../../src/images/required-images.ts";
import { demandOf } from "../demand.ts";

const folder = mkdtempSync(join(tmpdir(), "plan-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const mirror = { kind: "registry", registry: { host: "mirror.test", prefix: "m" } } as const;
const descriptor = {
  mediaType: "application/vnd.oci.image.index.v1+json",
  digest: `sha256:${"a".repeat(64)}`,
  size: 1,
};

it("leaves out an image without a known tag", () => {
  const { images } = requiredImages(demandOf({ appVersion: "2026.3.4" }));
  const sources = planCopies(images, mirror).map(sourceText);
  expect(sources).toHaveLength(4);
  expect(sources.join()).not.toContain("astral-sh");
});

it("keeps in a folder where images come from, so that they find their places in a mirror", () => {
  const { images } = requiredImages(demandOf({ baseImages: ["python:3.12-slim"] }));
  for (const copy of planCopies(images, { kind: "layout", folder })) {
    if (copy.way !== "into a layout") throw new Error(copy.way);
    nameInLayout(folder, { ...copy.target, descriptor });
  }
  const pairs = planCopiesFrom(folder, mirror).map((copy) => [sourceText(copy), targetText(copy)]);
  const direct = planCopies(images, mirror).map((copy) => [sourceText(copy), targetText(copy)]);
  expect(Object.fromEntries(pairs)).toEqual(Object.fromEntries(direct));
});

it("refuses a folder without images", () => {
  const missing = join(folder, "missing");
  expect(() => planCopiesFrom(missing, mirror)).toThrow(expect.objectContaining({ code: "mirror-layout-unusable" }));
});
