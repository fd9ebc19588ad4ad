import { describe, expect, it } from "vitest";
import type { CheckContext } from "../../../src/checks/check-context.ts";
import type { CheckResult } from "../../../src/checks/engine/check.ts";
import { createSuite } from "../../../src/checks/engine/suite.ts";
import type { BaseImageSettings } from "../../../src/checks/index/image-index.ts";
import { indexChecks } from "../../../src/checks/index/index-checks.ts";
import type { BuildkitAnswer } from "../../../src/checks/network/connection-verdict.ts";
import { describe as textsOf } from "../../../src/findings/finding.ts";
import { publicIndex } from "../../../src/findings/public-index.ts";
import { anyone, readerOf } from "../../../src/findings/reader.ts";
import { parseProxy, type Route } from "../../../src/network/route.ts";
import { createRedactor } from "../../../src/report/redaction.ts";
import { parseSettings } from "../../../src/settings/parse-settings.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";
import { startIndex } from "../../../testing/package-index/index-lab.ts";

interface GivenImage {
  image?: string;
  environment?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
  isComplete?: boolean;
}

interface Given {
  packageIndex?: string;
  images?: readonly GivenImage[];
  route?: Partial<Route>;
  buildkit?: BuildkitAnswer;
  isPod?: boolean;
}

const direct: Route = { skipVerify: false, certificateAuthorities: undefined, proxy: undefined, noProxy: "" };
const nothing: BuildkitAnswer = { kind: "deadline", detail: "nothing in 8 s" };

/** The results of the category, what buildkit was asked, and the secrets that were named. */
async function run({ packageIndex, images = [], route = {}, buildkit, isPod = true }: Given) {
  const builds = { packageIndex, baseImages: images.map(({ image = "base:1" }) => ({ image })) };
  const file = Buffer.from(JSON.stringify({ appVersion: "1", builds }));
  const settings = parseSettings(
    { configFile: "a.yaml", flyteConfigFile: undefined, flags: [], environment: {} },
    () => file,
  );
  const suite = createSuite(new AbortController().signal, systemClock);
  const needed = <T>(name: string, value: T) =>
    suite.check(`given/${name}`, "", { needs: [], deadline: { milliseconds: 1000 } }, () => ({ value, detail: "" }));
  const baseImages = images.map(
    ({ image = "base:1", environment = {}, files = {}, isComplete = true }): BaseImageSettings => {
      return {
        image,
        environment: new Map(Object.entries(environment)),
        files: new Map(Object.entries(files)),
        isComplete,
      };
    },
  );
  const asked: string[] = [];
  const ask = async (url: string): Promise<BuildkitAnswer> => {
    asked.push(url);
    return buildkit ?? { kind: "answers", detail: "invalid response status 401" };
  };
  const redactor = createRedactor((text) => text);
  const context = { world: { clock: systemClock }, parsed: { given: settings }, isPod, protect: redactor.protect };
  indexChecks(suite, context as unknown as CheckContext, {
    given: needed("settings", settings),
    route: needed<Route>("route", { ...direct, ...route }),
    images: needed("images", baseImages),
    buildkit: needed("buildkit", ask),
  });
  const results: CheckResult[] = [];
  await suite.run(["index"], (result) => void results.push(result));
  const shown = redactor.redact(
    JSON.stringify(
      results.map(({ finding, ...result }) => [result, finding && textsOf(finding, readerOf(anyone), "")]),
    ),
  );
  return { results, asked, shown, redact: redactor.redact };
}

function summary(results: readonly CheckResult[]): string[] {
  return results.map(
    ({ name, status, finding }) => `${name} ${finding ? `${finding.code} ${finding.severity}` : status}`,
  );
}

const wheel = Buffer.from("a wheel");

describe("the index of builds", () => {
  it("is not asked where none is known", async () => {
    const { results, asked } = await run({});
    expect(summary(results)).toEqual(["address skipped"]);
    expect(results[0]?.detail).toContain("builds use PyPI unless");
    expect(asked).toEqual([]);
  });

  it("is that of the settings, whatever the images are", async () => {
    await using index = await startIndex({ wheel });
    const { results, asked } = await run({ packageIndex: `${index.url}/` });
    expect(summary(results)).toEqual(["images skipped", "address passed", "connections passed", "answers passed"]);
    expect(index.requests).toEqual(["/simple/pip/"]);
    expect(asked).toEqual([`${index.url}/pip/`]);
  });

  it("is that of each image, asked once", async () => {
    await using index = await startIndex({ wheel });
    const environment = { UV_DEFAULT_INDEX: index.url };
    const { results, asked } = await run({ images: [{ environment }, { image: "base:2", environment }] });
    expect(summary(results)).toEqual(["images passed", "address passed", "connections passed", "answers passed"]);
    expect(results[0]?.detail).toContain("it overrides with_pip_packages(index_url=…)");
    expect(index.requests).toEqual(["/simple/pip/"]);
    expect(asked).toHaveLength(1);
  });

  it("is asked through buildkit alone if it is the public one", async () => {
    const { results, asked } = await run({ images: [{}] });
    expect(summary(results)).toEqual(["images passed", "address passed", "connections passed", "answers skipped"]);
    expect(asked).toEqual([`${publicIndex.url}/pip/`]);
  });

  it.each<[name: string, given: Omit<Given, "packageIndex">, found: string[], why: string]>([
    ["the same", { images: [{ environment: { UV_INDEX_URL: "U/" } }] }, [], ""],
    ["it in addition", { images: [{ environment: { UV_INDEX: "U" } }] }, [], ""],
    [
      "another",
      {
        images: [
          { environment: { UV_INDEX_URL: "https://b.example.com/simple" } },
          { environment: { UV_INDEX_URL: "U" } },
        ],
      },
      ["index-not-used"],
      "",
    ],
    ["none", { images: [{}, { image: "base:2" }] }, ["index-not-used"], ""],
    [
      "none, as far as it was read",
      { images: [{ isComplete: false }] },
      ["index-not-used"],
      "not all layers have been read",
    ],
    [
      "another, as a variable says",
      { images: [{ isComplete: false, environment: { UV_INDEX_URL: "https://b.example.com/simple" } }] },
      ["index-not-used"],
      "",
    ],
    ["it for pip alone", { images: [{ environment: { PIP_INDEX_URL: "U" } }] }, ["index-unread-by-uv"], ""],
    [
      "several",
      { images: [{ environment: { PIP_INDEX_URL: "U" } }, { image: "base:2" }] },
      ["index-unread-by-uv"],
      "also index-not-used: base:2",
    ],
  ])("is wanted, and images have %s", async (_name, { images = [], ...given }, found, why) => {
    await using index = await startIndex({ wheel });
    const filled = images.map(({ environment = {}, ...image }) => ({
      ...image,
      environment: Object.fromEntries(
        Object.entries(environment).map(([name, text]) => [name, text.replace("U", index.url)]),
      ),
    }));
    const { results } = await run({ ...given, images: filled, packageIndex: index.url });
    const findings = results.flatMap(({ finding }) => finding ?? []);
    expect(findings.map(({ code }) => code)).toEqual(found);
    for (const finding of findings) {
      expect(finding.severity).toBe("warning");
      if (why === "") expect(finding.why).toBe("");
      else expect(finding.why).toContain(why);
      expect(textsOf(finding, readerOf(anyone), "").fix).toContain(
        `ENV UV_INDEX_URL=${index.url} PIP_INDEX_URL=${index.url}`,
      );
    }
  });

  it("cannot be known where uv cannot read its configuration", async () => {
    const files = { "/etc/uv/uv.toml": "index-url = 'https://u:canary-1234@a.example.com" };
    await using index = await startIndex({ wheel });
    const { results, asked, shown } = await run({
      images: [{ files }, { image: "base:2", environment: { UV_INDEX_URL: index.url } }],
    });
    expect(summary(results)).toEqual([
      "images index-config-malformed error",
      "address passed",
      "connections passed",
      "answers passed",
    ]);
    expect(asked).toEqual([`${index.url}/pip/`]);
    expect(shown).not.toContain("canary");
    expect(summary((await run({ images: [{ files }] })).results)).toEqual([
      "images index-config-malformed error",
      "address skipped",
      "connections skipped",
      "answers skipped",
    ]);
  });
});

it("secrets of an image are named, whatever reads them", async () => {
  const environment = {
    PIP_INDEX_URL: "https://robot:canary-1234@a.example.com/simple",
    UV_INDEX_X_PASSWORD: "canary-9",
  };
  const { shown, redact } = await run({ images: [{ environment }] });
  expect(shown).not.toContain("canary");
  expect(redact("canary-1234, canary-9")).toBe("[redacted], [redacted]");
});

describe("a private CA", () => {
  it.each<[name: string, environment: Readonly<Record<string, string>>, code: string | undefined]>([
    ["does not trust it", {}, "index-untrusted"],
    ["trusts it", { SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" }, undefined],
  ])("is known here, and the image %s", async (_name, environment, code) => {
    const authority = await createAuthority("Private CA");
    await using index = await startIndex({ wheel, certificate: await authority.issue() });
    const route = { certificateAuthorities: authority.certificatePem };
    const { results } = await run({ images: [{ environment: { UV_INDEX_URL: index.url, ...environment } }], route });
    expect(results.flatMap(({ finding }) => finding?.code ?? [])).toEqual(code === undefined ? [] : [code]);
    if (code === undefined) expect(results[3]?.detail).toContain("its CA is private");
  });

  it("is not known here", async () => {
    const authority = await createAuthority("Private CA");
    await using index = await startIndex({ wheel, certificate: await authority.issue() });
    const { results } = await run({ packageIndex: index.url });
    expect(summary(results)[3]).toBe("answers index-untrusted warning");
    expect(textsOf(results[3]?.finding ?? fail(), readerOf(anyone), "").fix).toContain("SSL_CERT_FILE=");
  });

  it("is known here, and no image is", async () => {
    const authority = await createAuthority("Private CA");
    await using index = await startIndex({ wheel, certificate: await authority.issue() });
    const route = { certificateAuthorities: authority.certificatePem };
    const { results } = await run({ packageIndex: index.url, route });
    expect(results[3]).toMatchObject({ status: "passed", detail: expect.stringContaining("its CA is private") });
  });

  it("signs for another name", async () => {
    const authority = await createAuthority("Private CA");
    const certificate = await authority.issue({ dnsNames: ["other.example.com"], ipAddresses: [] });
    await using index = await startIndex({ wheel, certificate });
    const route = { certificateAuthorities: authority.certificatePem };
    expect(summary((await run({ packageIndex: index.url, route })).results)[3]).toBe(
      "answers index-tls-failed warning",
    );
  });
});

describe("what answers", () => {
  it.each<[name: string, given: Given, finding: string]>([
    ["no such name", { packageIndex: "http://index.invalid/simple" }, "index-name-unknown warning"],
    ["nobody", { packageIndex: "http://127.0.0.1:1/simple" }, "index-unreachable warning"],
    [
      "a proxy that is not there",
      {
        packageIndex: "http://index.example.com/simple",
        route: { proxy: parseProxy("http://127.0.0.1:1") },
      },
      "proxy-failed warning",
    ],
  ])("is %s, seen from here: a warning, as builds have another network", async (_name, given, finding) => {
    expect(summary((await run(given)).results)[3]).toBe(`answers ${finding}`);
  });

  it.each<[answer: BuildkitAnswer, finding: string]>([
    [{ kind: "name-unknown", detail: "no such host" }, "index-name-unknown error"],
    [{ kind: "dns-failed", detail: "server misbehaving" }, "index-name-unknown error"],
    [{ kind: "timed-out", detail: "i/o timeout", address: "52.94.1.1" }, "index-timeout error"],
    [nothing, "index-timeout error"],
    [{ kind: "refused", detail: "connection refused" }, "index-unreachable error"],
    [{ kind: "other", detail: "unexpected EOF" }, "index-unclear warning"],
    [{ kind: "other", detail: "x509: certificate signed by unknown" }, "passed"],
  ])("to buildkit is %j", async (buildkit, finding) => {
    await using index = await startIndex({ wheel });
    const { results } = await run({ packageIndex: index.url, buildkit });
    // An error of buildkit's is the cause of what this program would see too.
    const answers = finding.endsWith("error") ? "answers skipped" : "answers passed";
    expect(summary(results).slice(2)).toEqual([`connections ${finding}`, answers]);
  });

  it.each<[name: string, authorization: string, environment: Readonly<Record<string, string>>, finding: string]>([
    ["that has none", "Basic eA==", {}, "index-login-required warning"],
    ["whose password is wrong", "Basic eA==", { UV_INDEX_URL: "robot:canary-1234@" }, "index-login-refused error"],
    [
      "whose password is right",
      `Basic ${Buffer.from("robot:canary-1234").toString("base64")}`,
      { UV_INDEX_URL: "robot:canary-1234@" },
      "passed",
    ],
  ])("asks for a login, of an image %s", async (_name, authorization, environment, finding) => {
    await using index = await startIndex({ wheel, authorization });
    const login = environment["UV_INDEX_URL"] ?? "";
    const url = index.url.replace("http://", `http://${login}`);
    const { results, asked, shown } = await run({ images: [{ environment: { UV_INDEX_URL: url } }] });
    expect(summary(results)[3]).toBe(`answers ${finding}`);
    expect(asked).toEqual([`${index.url}/pip/`]);
    const basic = Buffer.from("robot:canary-1234").toString("base64");
    for (const canary of ["canary-1234", "robot", basic]) expect(shown).not.toContain(canary);
    expect(shown).toContain(index.url);
  });
});

function fail(): never {
  throw new Error("there is no finding");
}
