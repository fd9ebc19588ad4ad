import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  loginFaults,
  readBuildConfig,
  repositoryFaults,
  writingFaults,
} from "../../../src/checks/data-plane/build-config.ts";

const name = "build-image-config";
const sound = {
  "storage.yaml": "type: stow",
  "buildkit-uri": "tcp://buildkit:1234",
  "default-repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/union",
  "authentication-type": "aws",
};

/** The first code of each check, or "sound". A warning has its severity in front. */
function codeOf(data: Record<string, string>): string {
  const configMap = { name, data };
  const config = readBuildConfig(configMap);
  const written = writingFaults(configMap);
  const faults = written.length > 0 ? written : [...repositoryFaults(config), ...loginFaults(config)];
  const [found] = faults.map((fault) => fault.finding(["union"]));
  if (!found) return "sound";
  return found.severity === "error" ? found.code : `${found.severity} ${found.code}`;
}

describe("the values of the ConfigMap", () => {
  it("are read without the whitespace around them", () => {
    const data = { ...sound, "authentication-type": " aws\n", "buildkit-uri": "tcp://buildkit:1234\n" };
    expect(readBuildConfig({ name, data })).toEqual({
      name,
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
    // The dual-stack endpoints of ECR, by the documentation of AWS.
    {
      repository: "123456789012.dkr-ecr.us-east-1.on.aws/u",
      authentication: "google",
      code: "authentication-type-contradicts",
    },
    {
      repository: "123456789012.dkr-ecr-fips.us-east-1.on.aws/u",
      authentication: "google",
      code: "authentication-type-contradicts",
    },
    { repository: "ecr-public.aws.com/acme/union", authentication: "azure", code: "authentication-type-contradicts" },
    { repository: "acme.azurecr.io/union", authentication: "noop", code: "sound" },
    { repository: "acme.azurecr.io/union", authentication: "aws", code: "authentication-type-contradicts" },
    { repository: "us-docker.pkg.dev/acme", authentication: "azure", code: "authentication-type-contradicts" },
    { repository: "azurecr.io.example.com/union", authentication: "aws", code: "sound" },
    { repository: "notgcr.io/acme", authentication: "aws", code: "sound" },
    { repository: "public.ecr.aws.example.com/acme", authentication: "azure", code: "sound" },
    { repository: "acme/union", authentication: "constructor", code: "warning authentication-type-unknown" },
    { repository: "acme/union", authentication: "gcp", code: "warning authentication-type-unknown" },
    { repository: "acme/union", authentication: "", code: "warning authentication-type-unknown" },
    // User and password: GHCR and Depot have nothing else, and clouds take them, too.
    { repository: "ghcr.io/acme/union", authentication: "basic", code: "sound" },
    { repository: "registry.depot.dev", authentication: "basic", code: "sound" },
    { repository: "us-docker.pkg.dev/acme/union", authentication: "basic", code: "sound" },
    { repository: "acme.azurecr.io/union", authentication: "basic", code: "sound" },
    { repository: "ACME.azurecr.io/union", authentication: "aws", code: "authentication-type-contradicts" },
    { repository: "gcr.io:443/acme", authentication: "aws", code: "authentication-type-contradicts" },
  ])("$repository with login $authentication: $code", ({ repository, authentication, code }) => {
    expect(codeOf({ ...sound, "default-repository": repository, "authentication-type": authentication })).toBe(code);
  });

  // A host that is not recognised goes with any login, so only the other clouds' logins show that it is.
  it.each([
    { host: "123456789012.dkr.ecr.us-east-1.amazonaws.com", cloud: "aws" },
    { host: "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", cloud: "aws" },
    { host: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", cloud: "aws" },
    { host: "public.ecr.aws", cloud: "aws" },
    { host: "gcr.io", cloud: "google" },
    { host: "eu.gcr.io", cloud: "google" },
    { host: "us-docker.pkg.dev", cloud: "google" },
    { host: "acme.azurecr.io", cloud: "azure" },
    { host: "acme.azurecr.us", cloud: "azure" },
    { host: "acme.azurecr.cn", cloud: "azure" },
  ])("take $host for a registry of $cloud alone", ({ host, cloud }) => {
    for (const authentication of ["aws", "google", "azure"]) {
      const data = { ...sound, "default-repository": `${host}/union`, "authentication-type": authentication };
      expect(codeOf(data)).toBe(authentication === cloud ? "sound" : "authentication-type-contradicts");
    }
  });

  it.each([
    ['"tcp://buildkit:1234"', "build-config-quoted"],
    ["'tcp://buildkit:1234'", "build-config-quoted"],
    ['"tcp://buildkit:1234', "build-config-quoted"],
    ['tcp://buildkit:1234"', "build-config-quoted"],
    ["tcp://buildkit:1234'", "build-config-quoted"],
    [' "tcp://buildkit:1234', "build-config-quoted"],
    ['tcp://buildkit:1234" \n', "build-config-quoted"],
    ["tcp://buildkit:1234\n", "warning build-config-whitespace"],
    [" tcp://buildkit:1234", "warning build-config-whitespace"],
    ["", "sound"],
    [" \n", "sound"],
    ["tcp://build'kit:1234", "sound"],
    ["tcp://buildkit:%!d(string=1234)", "build-config-unformatted"],
    ["tcp://buildkit:%!(EXTRA int=1)", "build-config-unformatted"],
    ["tcp://buildkit:%20", "sound"],
  ])("are not what a template has spoilt: the buildkit URI %j is %s", (uri, code) => {
    expect(codeOf({ ...sound, "buildkit-uri": uri })).toBe(code);
  });

  it.each(['"type": stow', 'type: "stow"', "type: 'stow'\n", "type: %!s(x)"])(
    "may hold quotes in storage.yaml, which is a file of YAML: %j",
    (yaml) => {
      expect(codeOf({ ...sound, "storage.yaml": yaml })).toBe("sound");
    },
  );

  it.each(["default-repository", "authentication-type"])("have no whitespace around them: %s", (key) => {
    const data = { ...sound, [key]: `${sound[key as keyof typeof sound]}\n` };
    expect(codeOf(data)).toBe("warning build-config-whitespace");
  });

  it.each([
    ["true", "sound"],
    ["false", "sound"],
    ["True", "warning image-optimization-malformed"],
    ["1", "warning image-optimization-malformed"],
    ["yes", "warning image-optimization-malformed"],
    ["", "warning image-optimization-malformed"],
  ])("switch image optimization by true or false alone: %j is %s", (value, code) => {
    expect(codeOf({ ...sound, "enable-image-optimization": value })).toBe(code);
  });

  it.each(Object.keys(sound))("need %s", (key) => {
    const { [key]: _, ...rest } = sound as Record<string, string>;
    expect(codeOf(rest)).toBe("build-config-key-missing");
  });

  it("are sound or have a code, whatever they are", () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...Object.values(sound)));
    const key = fc.oneof(fc.constantFrom(...Object.keys(sound)), fc.string());
    const anything = fc.dictionary(key, value);
    const almost = anything.map((data) => ({ ...sound, ...data }));
    fc.assert(
      fc.property(fc.oneof(anything, almost), (data) => {
        expect(codeOf(data)).toMatch(/^(warning )?(sound|build-config-|repository-|authentication-type-|image-opt)/);
      }),
    );
  });
});
