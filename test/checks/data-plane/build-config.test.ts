import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requireSound } from "../../../src/checks/data-plane/build-config.ts";
import { RegistrarError } from "../../../src/findings/registrar-error.ts";

const where = { namespace: "union", name: "build-image-config" };
const sound = {
  "storage.yaml": "type: stow",
  "buildkit-uri": "tcp://buildkit:1234",
  "default-repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/union",
  "authentication-type": "aws",
};

function codeOf(data: Record<string, string>): string {
  try {
    requireSound(where, data);
    return "sound";
  } catch (error) {
    if (error instanceof RegistrarError) return error.code;
    throw error;
  }
}

describe("the values of the ConfigMap", () => {
  it("are read without the white space around them", () => {
    const data = { ...sound, "authentication-type": " aws\n", "buildkit-uri": "tcp://buildkit:1234\n" };
    expect(requireSound(where, data)).toEqual({
      repository: sound["default-repository"],
      authentication: "aws",
      buildkit: "tcp://buildkit:1234",
    });
  });

  it.each([
    { repository: "us-docker.pkg.dev/acme/union", authentication: "google", code: "sound" },
    { repository: "eu.gcr.io/acme", authentication: "google", code: "sound" },
    { repository: "acme.azurecr.io/union", authentication: "azure", code: "sound" },
    { repository: "public.ecr.aws/acme/union", authentication: "aws", code: "sound" },
    { repository: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/u", authentication: "aws", code: "sound" },
    { repository: "registry.example.com/union", authentication: "aws", code: "sound" },
    { repository: "acme.azurecr.io/union", authentication: "noop", code: "sound" },
    { repository: "acme.azurecr.io/union", authentication: "aws", code: "authentication-type-contradicts" },
    { repository: "us-docker.pkg.dev/acme", authentication: "azure", code: "authentication-type-contradicts" },
    { repository: "azurecr.io.example.com/union", authentication: "aws", code: "sound" },
    { repository: "acme/union", authentication: "constructor", code: "authentication-type-unknown" },
  ])("$repository with log-in $authentication: $code", ({ repository, authentication, code }) => {
    expect(codeOf({ ...sound, "default-repository": repository, "authentication-type": authentication })).toBe(code);
  });

  it("are sound or have a code, whatever they are", () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...Object.values(sound)));
    const key = fc.oneof(fc.constantFrom(...Object.keys(sound)), fc.string());
    const anything = fc.dictionary(key, value);
    const almost = anything.map((data) => ({ ...sound, ...data }));
    fc.assert(
      fc.property(fc.oneof(anything, almost), (data) => {
        expect(codeOf(data)).toMatch(/^(sound|build-config-|repository-empty|authentication-type-)/);
      }),
    );
  });
});
