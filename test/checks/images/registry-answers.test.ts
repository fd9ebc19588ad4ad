import { describe, expect, it } from "vitest";
import { askRegistriesForImages } from "../../../src/checks/images/registry-answers.ts";
import { finding } from "../../../src/findings/finding.ts";
import { problem, type RegistrarError } from "../../../src/findings/registrar-error.ts";
import { pullsOf, type RequiredImage } from "../../../src/images/required-image.ts";
import type { RegistryClient } from "../../../src/registry/registry-client.ts";
import { systemClock } from "../../../src/system/clock.ts";

const images: RequiredImage[] = (["build-image", "base"] as const).map((role) => {
  return { role, reference: `r.test/${role}:1`, isTagKnown: true, ...pullsOf[role], note: "" };
});
const [ofKubelet, ofBuildkit] = ["r.test/build-image:1", "r.test/base:1"];
const platform = { os: "linux", architecture: "arm64" };
const at = { endpoint: "https://r.test", image: "r.test/x:1" };

const errors = {
  unknown: problem("registry-name-unknown", at),
  proxy: problem("proxy-failed", { endpoint: at.endpoint, proxy: "http://p:1" }),
  untrusted: problem("tls-untrusted", { endpoint: at.endpoint, server: "registry", names: "", issuer: "" } as never),
  login: problem("registry-login-required", at),
  missing: problem("image-tag-missing", { ...at, repository: "r.test/x", path: "x", tag: "1", nearest: "" }),
  architecture: problem("image-architecture-missing", {
    ...at,
    repository: "r.test/x",
    path: "x",
    wanted: "linux/arm64",
    available: "linux/amd64",
  }),
} satisfies Record<string, RegistrarError>;

/** Asks a registry that fails so for the image of kubelet, and for that of buildkit. */
async function ask(
  [kubelet, buildkit]: readonly [keyof typeof errors | undefined, keyof typeof errors | undefined],
  pulled: readonly string[] | undefined,
  refusedLogins: RegistryClient["refusedLogins"] = () => [],
) {
  const asked: string[] = [];
  const answer = (name: string, failure: keyof typeof errors | undefined) => {
    asked.push(name);
    if (failure) throw errors[failure];
  };
  const client = {
    readManifest: async () => answer("manifest", kubelet),
    readImage: async (_reference: unknown, { architecture }: typeof platform) => answer(architecture, buildkit),
    refusedLogins,
  };
  const options = {
    client: client as unknown as RegistryClient,
    platform,
    pulled,
    clock: systemClock,
    signal: new AbortController().signal,
  };
  const { sound, findings, details } = await askRegistriesForImages(images, options);
  return { asked, sound, details, codes: findings.map(({ severity, code }) => `${severity} ${code}`) };
}

describe("what registries say of images", () => {
  it("is asked for buildkit's architecture of what buildkit pulls, and for any of what nodes pull", async () => {
    expect(await ask([undefined, undefined], [ofBuildkit])).toEqual({
      asked: ["manifest", "arm64"],
      sound: [ofKubelet, ofBuildkit],
      details: [ofKubelet, ofBuildkit],
      codes: [],
    });
  });

  it.each<[cause: keyof typeof errors, pulled: string[] | undefined, codes: string[]]>([
    ["unknown", [ofBuildkit], []],
    ["unknown", undefined, ["warning registry-name-unknown", "warning registry-name-unknown"]],
    ["untrusted", [], []],
    ["untrusted", undefined, ["warning tls-untrusted", "warning tls-untrusted"]],
    ["proxy", undefined, []],
    ["login", [ofBuildkit], []],
    ["login", [], ["warning registry-login-required"]],
    ["missing", [ofBuildkit], ["warning image-tag-missing"]],
    ["missing", [], ["warning image-tag-missing", "warning image-tag-missing"]],
  ])("%s, where buildkit has pulled %j", async (cause, pulled, codes) => {
    const answers = await ask([cause, cause], pulled);
    expect(answers.codes).toEqual(codes);
    const unseen = answers.details.filter((detail) => detail.includes("is not seen from here"));
    expect(unseen).toHaveLength(2 - codes.length);
    expect(answers.sound).toHaveLength(2 - codes.length);
  });

  it("is an error where an image has none for buildkit's architecture, which buildkit does not see", async () => {
    expect((await ask([undefined, "architecture"], [ofBuildkit])).codes).toEqual(["error image-architecture-missing"]);
  });

  it("mentions a login that was refused, even if the images are there", async () => {
    const refused = finding("warning", "registry-login-refused", {
      endpoint: at.endpoint,
      host: "r.test",
      file: "c.json",
    });
    expect((await ask([undefined, undefined], [ofBuildkit], () => [refused])).codes).toEqual([
      "warning registry-login-refused",
    ]);
  });
});
