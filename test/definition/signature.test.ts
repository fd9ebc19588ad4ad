import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSignatureKey, readSignature, signatureAnnotations } from "../../src/definition/signature.ts";

const signature = { fingerprint: "sha256:0", registeredBy: "prod-us/union/dataplane", appVersion: "2026.3.4" };

describe("a signature", () => {
  it("travels as these annotations: a registration of long ago must still be read", () => {
    expect(signatureAnnotations(signature)).toEqual({
      "image-builder-registrar.union.ai/fingerprint": "sha256:0",
      "image-builder-registrar.union.ai/registered-by": "prod-us/union/dataplane",
      "image-builder-registrar.union.ai/app-version": "2026.3.4",
    });
  });

  it("is read back as it was written, among whatever else there is", () => {
    const text = fc.string({ minLength: 1 });
    const others = fc.dictionary(text, text);
    fc.assert(
      fc.property(text, text, text, others, (fingerprint, registeredBy, appVersion, annotations) => {
        const written = { fingerprint, registeredBy, appVersion };
        expect(readSignature({ ...annotations, ...signatureAnnotations(written) })).toEqual(written);
      }),
    );
  });

  it("is none at all where a part is missing or empty", () => {
    const annotations = signatureAnnotations(signature);
    expect(readSignature({})).toBeUndefined();
    for (const key of Object.keys(annotations)) {
      const { [key]: _, ...rest } = annotations;
      expect(readSignature(rest)).toBeUndefined();
      expect(readSignature({ ...annotations, [key]: "" })).toBeUndefined();
    }
  });

  it("knows its own annotations", () => {
    for (const key of Object.keys(signatureAnnotations(signature))) expect(isSignatureKey(key)).toBe(true);
    expect(isSignatureKey("sidecar.istio.io/inject")).toBe(false);
    expect(isSignatureKey("union.ai/fingerprint")).toBe(false);
  });
});
