import { describe, expect, it } from "vitest";
import type { Buildkit, PullAnswer } from "../../../src/buildkit/ask-buildkit.ts";
import { askBuildkitForImages } from "../../../src/checks/images/buildkit-answers.ts";
import { pullsOf, type RequiredImage } from "../../../src/images/required-image.ts";
import type { RegistryClient, TagList } from "../../../src/registry/registry-client.ts";
import { systemClock } from "../../../src/system/clock.ts";

const image = (reference: string): RequiredImage => {
  return { role: "base", reference, isTagKnown: true, ...pullsOf.base, note: "" };
};
const config = {
  name: "build-image-config",
  repository: "own.test/union",
  authentication: "aws",
  buildkit: "tcp://b:1",
};

interface World {
  answers: Record<string, PullAnswer>;
  authentication?: string;
  isLoginSent?: boolean;
  cidrs?: string[];
  address?: string;
  lookupCode?: string;
  tags?: TagList | Error;
}

/** Asks a buildkit that answers so about the images that it has answers for. */
function ask({ answers, authentication = "aws", isLoginSent = false, cidrs = [], address, lookupCode, tags }: World) {
  const buildkit: Pick<Buildkit, "ask"> = {
    ask: async ({ reference }) => answers[`${reference.host}/${reference.repository}`] ?? { kind: "available" },
  };
  const registries: Pick<RegistryClient, "listTags"> = {
    listTags: async () => {
      if (tags && !(tags instanceof Error)) return tags;
      throw tags ?? new Error("not reached");
    },
  };
  return askBuildkitForImages(
    Object.keys(answers).map((name) => image(`${name}:1.2`)),
    {
      buildkit: buildkit as Buildkit,
      platform: { os: "linux", architecture: "amd64" },
      config: { ...config, authentication },
      isLoginSent,
      cidrs,
      registries: registries as RegistryClient,
      names: {
        lookUp: async () => {
          if (address === undefined) throw Object.assign(new Error("unknown"), { code: lookupCode });
          return [{ address }];
        },
        findAliases: async () => [],
      },
      clock: systemClock,
      signal: new AbortController().signal,
    },
  );
}

const codes = ({ findings }: Awaited<ReturnType<typeof ask>>) =>
  findings.map(({ severity, code }) => `${severity} ${code}`);

describe("what buildkit says of images", () => {
  it("leaves those that it can pull", async () => {
    const answers = await ask({
      answers: { "a.test/x": { kind: "available" }, "b.test/x": { kind: "missing", words: "" } },
    });
    expect(answers.sound).toEqual(["a.test/x:1.2"]);
    expect(codes(answers)).toEqual(["error pull-missing"]);
  });

  it("is one finding for each cause", async () => {
    const refused = { kind: "refused", words: "refused", host: "a.test" } as const;
    const { findings } = await ask({
      answers: { "a.test/x": refused, "a.test/y": refused, "b.test/x": { ...refused, host: "b.test" } },
    });
    expect(findings.map(({ args }) => Reflect.get(args, "images"))).toEqual([
      ["a.test/x:1.2", "a.test/y:1.2"],
      ["b.test/x:1.2"],
    ]);
  });

  const login = { kind: "login-required", words: "401" } as const;
  it.each<[name: string, world: Omit<World, "answers">, host: string, found: string[], notes: number]>([
    ["the registry of builds asks for the login that they bring", {}, "own.test", [], 1],
    ["another registry asks for a login", {}, "other.test", ["warning pull-login-required"], 0],
    ["builds bring no login", { authentication: "noop" }, "own.test", ["warning pull-login-required"], 0],
    ["the login that was sent is refused", { isLoginSent: true }, "own.test", ["error pull-login-required"], 0],
  ])("where %s", async (_name, world, host, found, notes) => {
    const answers = await ask({ ...world, answers: { [`${host}/x`]: login } });
    expect(codes(answers)).toEqual(found);
    expect(answers.details.filter((detail) => detail.includes("requires a login"))).toHaveLength(notes);
  });

  it.each([
    ["10.1.2.3:443", [], true],
    ["203.0.113.9:443", [], false],
    ["203.0.113.9:443", ["203.0.113.0/24"], true],
    ["[2600:1f14::1]:443", [], false],
  ])("knows whether %s is of the cluster's own networks %j", async (address, cidrs, isPrivate) => {
    const timeout = { kind: "dial-timeout", words: "i/o timeout", address } as const;
    const { findings } = await ask({ cidrs, answers: { "a.test/x": timeout } });
    expect(findings[0]?.args).toMatchObject({ address, isPrivate });
  });

  describe("is nothing", () => {
    const silent = { answers: { "a.test/x": { kind: "no-answer", words: "" } } } as const;
    const findingOf = async (world: Omit<World, "answers">) => (await ask({ ...silent, ...world })).findings[0];

    it("so the address is that which pods find", async () => {
      expect(await findingOf({ address: "10.0.0.9" })).toMatchObject({
        code: "pull-no-answer",
        why: "no answer within 8 s; in this pod, a.test is 10.0.0.9",
        args: { host: "a.test", address: "10.0.0.9", isPrivate: true },
      });
    });

    it("which DNS explains that does not answer pods either", async () => {
      const found = await findingOf({ lookupCode: "EAI_AGAIN" });
      expect(found).toMatchObject({ code: "pull-dns-silent", why: expect.stringContaining("no answer within 8 s") });
    });

    it("and an unknown name explains nothing, as buildkit would have said so", async () => {
      expect(await findingOf({ lookupCode: "ENOTFOUND" })).toMatchObject({
        code: "pull-no-answer",
        args: { host: "a.test", address: "", isPrivate: undefined },
      });
    });
  });

  it("is given the nearest tags of what is missing, if this pod reaches the registry", async () => {
    const answers = { "a.test/x": { kind: "missing", words: "not found" } } as const;
    const { findings } = await ask({ answers, tags: { tags: ["1.1", "1.3", "latest"], isCut: false } });
    expect(findings[0]?.why).toBe("not found; the nearest tags, seen from this pod: 1.3, 1.1, latest");
    expect((await ask({ answers, tags: new Error("refused") })).findings[0]?.why).toBe("not found");
  });
});
