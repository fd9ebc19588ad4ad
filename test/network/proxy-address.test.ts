import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseProxy, proxyCredentials } from "../../src/network/route.ts";

const sent = (text: string) => {
  const authorization = proxyCredentials(parseProxy(text).url)?.authorization;
  return authorization && Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
};

describe("the address of a proxy", () => {
  // Each was tried with flyte 2.12.1 and curl, which go through the proxy; Go takes them too.
  test.each<[text: string, origin: string, authority: string, credentials?: string]>([
    ["proxy:3128", "http://proxy:3128", "proxy:3128"],
    ["127.0.0.1:3128", "http://127.0.0.1:3128", "127.0.0.1:3128"],
    ["[::1]:3128", "http://[::1]:3128", "[::1]:3128"],
    ["proxy", "http://proxy", "proxy:80"],
    ["http://proxy:3128", "http://proxy:3128", "proxy:3128"],
    ["http://proxy:3128/", "http://proxy:3128", "proxy:3128"],
    ["http://proxy:3128/some/path?x=1", "http://proxy:3128", "proxy:3128"],
    ["HTTP://Proxy:3128", "http://proxy:3128", "proxy:3128"],
    ["https://proxy", "https://proxy", "proxy:443"],
    ["https://[fd00::1]:8443", "https://[fd00::1]:8443", "[fd00::1]:8443"],
    [" http://proxy:3128\n", "http://proxy:3128", "proxy:3128"],
    ["user:pass@proxy:3128", "http://proxy:3128", "proxy:3128", "user:pass"],
    ["http://us%20er:p%40ss%3A1@proxy:3128", "http://proxy:3128", "proxy:3128", "us er:p@ss:1"],
    ["http://user:50%@proxy:3128", "http://proxy:3128", "proxy:3128", "user:50%"],
    ["http://user:100%zz@proxy:3128", "http://proxy:3128", "proxy:3128", "user:100%zz"],
    ["http://user@proxy:3128", "http://proxy:3128", "proxy:3128", "user:"],
  ])("%j is read", (text, origin, authority, credentials) => {
    const { url, ...address } = parseProxy(text);
    expect([url.origin, address.authority, sent(text)]).toEqual([origin, authority, credentials]);
  });

  test.each([
    ["socks5://proxy:1080", "is a SOCKS proxy, which is not supported"],
    ["socks5h://user:canary@proxy:1080", "is a SOCKS proxy, which is not supported"],
    ["SOCKS4a://proxy", "is a SOCKS proxy, which is not supported"],
    ["socks://proxy", "is a SOCKS proxy, which is not supported"],
    ["ftp://proxy", "is not the address of an HTTP proxy"],
    ["httpx://user:canary@proxy", "is not the address of an HTTP proxy"],
    ["http://", "is not the address of an HTTP proxy"],
    ["proxy:port", "is not the address of an HTTP proxy"],
    ["not a proxy", "is not the address of an HTTP proxy"],
  ])("%j is refused", (text, problem) => {
    expect(() => parseProxy(text)).toThrow(new TypeError(problem));
  });

  test("brings any user name and password to the proxy, percent-encoded", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), (name, password) => {
        const text = `${encodeURIComponent(name)}:${encodeURIComponent(password)}@proxy:3128`;
        for (const written of [text, `http://${text}`, `https://${text}/`]) {
          expect(sent(written)).toBe(`${name}:${password}`);
          expect(proxyCredentials(parseProxy(written).url)?.password).toBe(password);
        }
      }),
    ));

  test("sends escaped bytes in their own encoding", () => {
    const authorization = proxyCredentials(parseProxy("http://user:%E9@proxy").url)?.authorization ?? "";
    expect(Buffer.from(authorization.replace("Basic ", ""), "base64").toString("latin1")).toBe("user:é");
  });
});
