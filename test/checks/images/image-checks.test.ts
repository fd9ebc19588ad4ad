import { describe, expect, it } from "vitest";
import type { Buildkit } from "../../../src/buildkit/ask-buildkit.ts";
import type { FindLogin } from "../../../src/buildkit/auth-session.ts";
import type { CheckContext } from "../../../src/checks/check-context.ts";
import type { CheckResult } from "../../../src/checks/engine/check.ts";
import { createSuite } from "../../../src/checks/engine/suite.ts";
import { imageChecks } from "../../../src/checks/images/image-checks.ts";
import { problem } from "../../../src/findings/registrar-error.ts";
import { addressOf } from "../../../src/network/address.ts";
import { formatImageReference } from "../../../src/registry/image-reference.ts";
import type { Platform } from "../../../src/registry/registry-client.ts";
import { parseSettings } from "../../../src/settings/parse-settings.ts";
import { systemClock } from "../../../src/system/clock.ts";

const config = { name: "c", repository: "own.test/union", authentication: "aws", buildkit: "tcp://b:1" };

interface Given {
  settings?: object;
  platforms?: Platform[];
  /** Fails before images are looked at. */
  broken?: "buildkit" | "connections";
}

/** Runs the checks with a buildkit and registries that have everything; what they were asked, `<architecture> <image>`. */
async function run({ settings = {}, platforms = [], broken }: Given) {
  const file = Buffer.from(JSON.stringify({ appVersion: "2026.3.4", ...settings }));
  const invocation = { configFile: "a.yaml", flyteConfigFile: undefined, flags: [], environment: {} };
  const given = parseSettings(invocation, () => file);
  const suite = createSuite(new AbortController().signal, systemClock);
  const needed = <T>(name: string, value: T) =>
    suite.check(`given/${name}`, "", { needs: [], deadline: { milliseconds: 1000 } }, () => {
      if (name === broken) throw problem("buildkit-refused", { address: "b:1" });
      return { value, detail: "" };
    });
  const asked = { buildkit: [] as string[], registries: [] as string[], logins: [] as (FindLogin | undefined)[] };
  const buildkitOf = (name: string): Pick<Buildkit, "ask"> => ({
    ask: async ({ reference, platform }) => {
      asked.buildkit.push(`${name} ${platform?.architecture} ${formatImageReference(reference)}`);
      return { kind: "available" };
    },
  });
  const client = {
    readImage: async (reference: Parameters<typeof formatImageReference>[0], { architecture }: Platform) =>
      asked.registries.push(`${architecture} ${formatImageReference(reference)}`),
    readManifest: async (reference: Parameters<typeof formatImageReference>[0]) =>
      asked.registries.push(`any ${formatImageReference(reference)}`),
    refusedLogins: () => [],
  };
  const logins = {
    find: async () => ({ secret: { kind: "password", username: "a", password: "b" }, host: "own.test", file: "f" }),
  };
  const context = {
    world: { clock: systemClock },
    openBuildkit: async (_address: unknown, findLogin: FindLogin | undefined) => {
      asked.logins.push(findLogin);
      return buildkitOf("own");
    },
  };
  const builder = { address: addressOf(new URL("tcp://b:1")), buildkit: buildkitOf("shared"), platforms };
  const checks = imageChecks(
    suite,
    context as unknown as CheckContext,
    {
      given: needed("settings", given),
      definition: needed("definition", { ownership: { appVersion: "2026.3.4" } }),
      registries: needed("registries", { client, logins }),
      configs: needed("configs", [{ namespace: "union", of: config }]),
      buildkit: needed("buildkit", builder),
      connections: needed("connections", undefined),
    } as unknown as Parameters<typeof imageChecks>[2],
  );
  const results: CheckResult[] = [];
  await suite.run(["images"], (result) => void (result.category === "images" && results.push(result)));
  return { asked, platform: await checks.platform(), summary: results.map(({ name, status }) => `${name} ${status}`) };
}

const prefix = "public.ecr.aws/g1m2l3c1/imagebuilder-staging";
const arm: Platform = { os: "linux", architecture: "arm64" };

describe("the checks of images", () => {
  it("ask buildkit about what it pulls, and registries about what nodes pull too", async () => {
    const { asked, summary } = await run({ settings: { builds: { baseImages: [{ image: "python:3.12" }] } } });
    expect(summary).toEqual(["required passed", "buildkit passed", "registries passed"]);
    const ofBuildkit = [`amd64 ${prefix}/frontend-v2:2026.3.4`, "amd64 docker.io/library/python:3.12"];
    // Not about uv's image, whose tag is not known, nor about buildkit's own and the one that writes secrets.
    expect(asked.buildkit).toEqual(ofBuildkit.map((image) => `shared ${image}`));
    expect(asked.registries).toEqual([`any ${prefix}/build-image:2026.3.4`, ...ofBuildkit]);
    expect(asked.logins).toEqual([]);
  });

  it.each<[name: string, given: Given, architecture: string]>([
    ["buildkit's machine", { platforms: [arm] }, "arm64"],
    ["the settings", { settings: { builds: { architecture: "amd64" } }, platforms: [arm] }, "amd64"],
    ["nobody", {}, "amd64"],
  ])("ask for the architecture of %s", async (_name, given, architecture) => {
    const { asked, platform } = await run(given);
    expect(platform).toMatchObject({ os: "linux", architecture });
    expect(asked.buildkit[0]).toContain(`shared ${architecture} `);
  });

  it("give buildkit logins over a connection of their own, if they are to", async () => {
    const { asked } = await run({ settings: { registry: { sendToBuildkit: true } } });
    expect(asked.buildkit).toEqual([`own amd64 ${prefix}/frontend-v2:2026.3.4`]);
    expect(asked.logins[0]?.("public.ecr.aws")).toMatchObject({ username: "a", password: "b" });
  });

  it("come after the connections of buildkit to its cloud", async () => {
    const { asked, summary } = await run({ broken: "connections" });
    expect(summary).toEqual(["required passed", "buildkit skipped", "registries skipped"]);
    expect([asked.buildkit, asked.registries]).toEqual([[], []]);
  });
});
