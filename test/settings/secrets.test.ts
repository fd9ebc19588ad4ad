import { describe, expect, it } from "vitest";
import { load } from "./loading.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const proxied = (proxy: string) => load({ file: `controlPlane: {endpoint: union.example.com, proxy: '${proxy}'}` });

describe("secrets of a run, in every form in which they travel", () => {
  it("there are none without credentials", () => {
    expect(load({}).secrets).toEqual([]);
    expect(proxied("http://proxy:3128").secrets).toEqual([]);
    expect(proxied("http://user@proxy:3128").secrets).toEqual([]);
  });

  it("a client secret: as it is, quoted for a URL, and both as HTTP Basic credentials", () => {
    const file = "controlPlane: {auth: {type: clientSecret, clientId: me, clientSecretFile: secret}}";
    expect(load({ file, files: { secret: "a/b c\n" } }).secrets).toEqual([
      "a/b c",
      "a%2Fb+c",
      base64("me:a/b c"),
      base64("me:a%2Fb+c"),
    ]);
  });

  it("a client secret of a variable: in the same forms", () => {
    const file = "controlPlane: {auth: {type: clientSecret, clientId: me, clientSecretVariable: HUSH}}";
    expect(load({ file, environment: { HUSH: "a/b c\n" } }).secrets).toEqual([
      "a/b c",
      "a%2Fb+c",
      base64("me:a/b c"),
      base64("me:a%2Fb+c"),
    ]);
  });

  const key = base64("union.example.com:id:a/b:acme");
  it.each([
    ["variable", { environment: { FLYTE_API_KEY: `${key}\n` } }],
    ["file", { file: "controlPlane: {auth: {type: apiKey, apiKeyFile: key}}", files: { key: `${key}\n` } }],
  ])("an API key of a %s: the key and the client secret in it", (_name, given) => {
    expect(load(given).secrets).toEqual([key, "a/b", "a%2Fb", base64("id:a/b"), base64("id:a%2Fb")]);
  });

  it("an API key of several lines: each line too, because a message may show them in one", () => {
    const [one, two] = [key.slice(0, 20), key.slice(20)];
    expect(load({ environment: { FLYTE_API_KEY: `${one}\n${two}\n` } }).secrets).toEqual([
      `${one}\n${two}`,
      one,
      two,
      ...load({ environment: { FLYTE_API_KEY: key } }).secrets.slice(1),
    ]);
  });

  it("an API key in the environment, even where another login is used", () => {
    const environment = { FLYTE_API_KEY: key, REGISTRAR_CONTROL_PLANE_AUTH_TYPE: "none" };
    expect(load({ environment }).secrets).toEqual([key]);
  });

  it("a proxy's password: as in the URL, as meant, and as it goes into Proxy-Authorization", () => {
    expect(proxied("http://us%40er:p%40ss@proxy:3128").secrets).toEqual([
      "p%40ss",
      "p@ss",
      base64("us%40er:p%40ss"),
      base64("us@er:p@ss"),
    ]);
  });

  it("secrets that plain HTTP keeps back are secrets all the same", () => {
    const auth = "auth: {type: clientSecret, clientId: me, clientSecretFile: secret}";
    const file = `controlPlane: {endpoint: 'http://union', ${auth}}`;
    expect(load({ file, files: { secret: "hush" } }).secrets).toContain("hush");
  });
});
