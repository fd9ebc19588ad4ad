import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOwnAnnotation, ownershipAnnotations, readOwnership } from "../../src/definition/ownership.ts";

const ownership = { owner: "prod-us/union/dataplane", appVersion: "2026.3.4" };

describe("an ownership", () => {
  it("travels as these annotations: a registration of long ago must still be read", () => {
    expect(ownershipAnnotations(ownership)).toEqual({
      "image-builder-registrar.union.ai/registered-by": "prod-us/union/dataplane",
      "image-builder-registrar.union.ai/app-version": "2026.3.4",
    });
  });

  it("is read back as it was written, among whatever else there is", () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, fc.dictionary(text, text), (owner, appVersion, annotations) => {
        const written = { owner, appVersion };
        expect(readOwnership({ ...annotations, ...ownershipAnnotations(written) })).toEqual(written);
      }),
    );
  });

  it("is none at all where a part is missing or empty", () => {
    const annotations = ownershipAnnotations(ownership);
    expect(readOwnership({})).toBeUndefined();
    for (const key of Object.keys(annotations)) {
      const { [key]: _, ...rest } = annotations;
      expect(readOwnership(rest)).toBeUndefined();
      expect(readOwnership({ ...annotations, [key]: "" })).toBeUndefined();
    }
  });

  it("knows its own annotations", () => {
    for (const key of Object.keys(ownershipAnnotations(ownership))) expect(isOwnAnnotation(key)).toBe(true);
    // Former versions of this program wrote it.
    expect(isOwnAnnotation("image-builder-registrar.union.ai/fingerprint")).toBe(true);
    expect(isOwnAnnotation("sidecar.istio.io/inject")).toBe(false);
    expect(isOwnAnnotation("union.ai/registered-by")).toBe(false);
  });
});
