import { describe, expect, it } from "vitest";
import { type Answer, createFetch, type Fetch } from "../../src/network/fetch.ts";
import { askIndex } from "../../src/package-index/ask-index.ts";
import { parseIndexAddress, secretsOfAddress, shownAddress } from "../../src/package-index/index-address.ts";
import { systemClock } from "../../src/system/clock.ts";
import { startIndex } from "../../testing/package-index/index-lab.ts";

const route = { skipVerify: false, certificateAuthorities: undefined, proxy: undefined, noProxy: "" };
const timing = { clock: systemClock, signal: new AbortController().signal };

type Reply = Partial<Omit<Answer, "headers">> & { headers?: Readonly<Record<string, string>> };

/** Asks an index whose answers are given by their URL; another URL is 404. */
async function ask(text: string, replies: Readonly<Record<string, Reply>>) {
  const requests: { url: string; authorization: string | undefined }[] = [];
  const fetch: Fetch = async (url, { headers }) => {
    requests.push({ url, authorization: headers["authorization"] });
    return { status: url in replies ? 200 : 404, headers: {}, text: "", ...replies[url] };
  };
  const address = parseIndexAddress(text);
  if (!address) throw new Error(`${text} is no address`);
  return { answer: await askIndex(address, fetch, timing), requests };
}

const json = { headers: { "content-type": "application/vnd.pypi.simple.v1+json" } };
const html = { headers: { "content-type": "text/html; charset=utf-8" } };
const pip = "https://a.example.com/simple/pip/";
const list = "https://a.example.com/simple/";
const file = '<!DOCTYPE html><html><a href="../../packages/pip-26.0-py3-none-any.whl#sha256=0">pip-26.0</a>';

/** Answers as PEP 503 and PEP 691 have them; the pages of others are those that proxies and single sign-on send. */
describe("an index", () => {
  it.each<[name: string, replies: Readonly<Record<string, Reply>>, kind: string]>([
    ["in JSON", { [pip]: { ...json, text: '{"meta":{"api-version":"1.3"},"name":"pip","files":[' } }, "good"],
    ["in plain JSON", { [pip]: { headers: { "content-type": "application/json" }, text: '{"files": []}' } }, "good"],
    ["in HTML", { [pip]: { ...html, text: file } }, "good"],
    ["without a type", { [pip]: { text: file } }, "good"],
    [
      "behind a redirection",
      { [pip]: { status: 301, headers: { location: "/x/" } }, "https://a.example.com/x/": { text: file } },
      "good",
    ],
    ["JSON of something else", { [pip]: { ...json, text: '{"error": "no such repository"}' } }, "not-spoken"],
    ["a page without links", { [pip]: { ...html, text: "<title>Blocked</title>" } }, "not-spoken"],
    [
      "a login page with links",
      { [pip]: { ...html, text: '<form><a href="/forgot">Forgot?</a></form>' } },
      "not-spoken",
    ],
    ["another status", { [pip]: { status: 418 } }, "not-spoken"],
    ["a redirection to nowhere", { [pip]: { status: 302 } }, "not-spoken"],
    ["a redirection to a file", { [pip]: { status: 302, headers: { location: "file:///etc/passwd" } } }, "not-spoken"],
    ["a loop", { [pip]: { status: 302, headers: { location: pip } } }, "redirects"],
    ["401", { [pip]: { status: 401 } }, "login"],
    ["403", { [pip]: { status: 403 } }, "login"],
    ["429", { [pip]: { status: 429 } }, "failed"],
    ["503", { [pip]: { status: 503 } }, "failed"],
    ["nothing", {}, "wrong-path"],
    [
      "no pip, but others in JSON",
      { [list]: { ...json, text: '{"meta": {"api-version": "1.0"}, "projects": []}' } },
      "curated",
    ],
    ["no pip, but others in HTML", { [list]: { ...html, text: '<a href="/simple/numpy/">numpy</a>' } }, "curated"],
    ["no pip, and a page", { [list]: { ...html, text: "<h1>Welcome to nginx</h1>" } }, "wrong-path"],
  ])("that answers %s", async (_name, replies, kind) => {
    expect((await ask("https://a.example.com/simple/", replies)).answer.kind).toBe(kind);
  });

  it("is asked once if it is good, and for its list only if it does not have pip", async () => {
    const good = await ask("https://a.example.com/simple", { [pip]: { text: file } });
    expect(good.requests.map(({ url }) => url)).toEqual([pip]);
    const other = await ask("https://a.example.com/simple", {});
    expect(other.requests.map(({ url }) => url)).toEqual([pip, list]);
  });

  it("is followed through five redirections", async () => {
    const url = (step: number) => `https://a.example.com/${step}/`;
    const steps = (count: number) => ({
      [pip]: { status: 302, headers: { location: url(1) } },
      ...Object.fromEntries(
        Array.from({ length: count - 1 }, (_, index) => [
          url(index + 1),
          { status: 302, headers: { location: url(index + 2) } },
        ]),
      ),
      [url(count)]: { text: file },
    });
    expect((await ask("https://a.example.com/simple", steps(5))).answer.kind).toBe("good");
    expect((await ask("https://a.example.com/simple", steps(6))).answer.kind).toBe("redirects");
  });
});

describe("credentials of an index", () => {
  const address = "https://robot:canary%2F1234@a.example.com/simple?token=canary-5678";
  const basic = `Basic ${Buffer.from("robot:canary/1234").toString("base64")}`;

  it("go to its own origin alone, and never in a URL", async () => {
    const away = "https://files.example.net/pip/";
    const plain = "http://a.example.com/simple/pip/";
    for (const location of [away, plain, "https://a.example.com:8443/simple/pip/"]) {
      const { answer, requests } = await ask(address, {
        [pip]: { status: 302, headers: { location } },
        [location]: { text: file },
      });
      expect(answer.kind).toBe("good");
      expect(requests).toEqual([
        { url: pip, authorization: basic },
        { url: location, authorization: undefined },
      ]);
    }
  });

  it("that a redirection has are not used, and not shown", async () => {
    const location = "https://user:canary-9999@b.example.com/pip/";
    const { requests } = await ask("https://a.example.com/simple", { [pip]: { status: 302, headers: { location } } });
    expect(requests[1]).toEqual({ url: "https://b.example.com/pip/", authorization: undefined });
    const refused = await ask(address, { [pip]: { status: 401, headers: { location } } });
    expect(JSON.stringify(refused.answer)).toContain("location https://b.example.com/pip/");
    expect(JSON.stringify(refused.answer)).not.toContain("canary");
  });

  it("are known as secrets in every form, and not shown", () => {
    expect(shownAddress(address)).toBe("https://a.example.com/simple");
    expect(secretsOfAddress(address)).toEqual(
      expect.arrayContaining(["canary%2F1234", "canary/1234", basic.slice(6), "token=canary-5678"]),
    );
    expect(secretsOfAddress("https://canary-token@pypi.example.com/simple")).toContain("canary-token");
    expect(secretsOfAddress("https://a.example.com/simple")).toEqual([]);
    expect(shownAddress("/opt/canary")).not.toContain("canary");
  });

  it("say whether they were sent", async () => {
    expect((await ask(address, { [pip]: { status: 401 } })).answer).toMatchObject({ kind: "login", sent: true });
    expect((await ask(list, { [pip]: { status: 401 } })).answer).toMatchObject({ kind: "login", sent: false });
  });
});

describe("an index on the network", () => {
  it("is read no further than its beginning", async () => {
    await using index = await startIndex({ isEndless: true });
    const address = parseIndexAddress(index.url);
    if (!address) throw new Error("no address");
    expect((await askIndex(address, createFetch(route, timing), timing)).kind).toBe("good");
  });

  it("that refuses connections is a fault of the network", async () => {
    const index = await startIndex({});
    await index[Symbol.asyncDispose]();
    const address = parseIndexAddress(index.url);
    if (!address) throw new Error("no address");
    const answer = await askIndex(address, createFetch(route, timing), timing);
    expect(answer).toMatchObject({ kind: "network", fault: { kind: "refused" } });
  });
});
