import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEndpoint } from "../../src/network/endpoint.ts";
import { load, problemsOf } from "../settings/loading.ts";

const at = (url: string, hostname: string, port: number) => {
  const authority = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  return { url, hostname, port, authority, insecure: url.startsWith("http:") };
};
const secure = at("https://union.example.com", "union.example.com", 443);
const plain = at("http://union.example.com", "union.example.com", 80);

describe("forms of an endpoint", () => {
  it.each([
    ["dns:///union.example.com", false, secure],
    ["dns://union.example.com", false, secure],
    ["dns:///union.example.com:443", false, secure],
    ["union.example.com", false, secure],
    ["union.example.com:443", false, secure],
    ["https://union.example.com", false, secure],
    ["https://union.example.com/", false, secure],
    ["HTTPS://Union.Example.COM", false, secure],
    ["  union.example.com\n", false, secure],
    ["union.example.com:8443", false, at("https://union.example.com:8443", "union.example.com", 8443)],
    ["dns:///union.example.com:8443", false, at("https://union.example.com:8443", "union.example.com", 8443)],
    ["http://union.example.com", false, plain],
    ["http://union.example.com", true, plain],
    ["dns:///union.example.com", true, plain],
    ["union.example.com", true, plain],
    ["union.example.com:443", true, at("http://union.example.com:443", "union.example.com", 443)],
    ["localhost:8090", true, at("http://localhost:8090", "localhost", 8090)],
    ["10.0.0.1", false, at("https://10.0.0.1", "10.0.0.1", 443)],
    ["[::1]:8090", true, at("http://[::1]:8090", "::1", 8090)],
    ["https://[::1]", false, at("https://[::1]", "::1", 443)],
    ["dns:///[FD00:0::1]:8443", false, at("https://[fd00::1]:8443", "fd00::1", 8443)],
    ["bücher.example", false, at("https://xn--bcher-kva.example", "xn--bcher-kva.example", 443)],
  ] as const)("%j with insecure %j", (text, insecure, endpoint) => {
    expect(parseEndpoint(text, insecure)).toEqual(endpoint);
  });

  const forms = "is not dns:///host, host, host:port, https://… or http://…";
  it.each([
    ["https://union.example.com", true, "begins with https://, but insecure is true"],
    ["dns:///", false, forms],
    ["   ", false, forms],
    ["https://", false, forms],
    ["ftp://union.example.com", false, forms],
    ["grpc://union.example.com", false, forms],
    ["union example com", false, forms],
    ["union.example.com:99999", false, forms],
    ["::1", false, forms],
    ["https://union.example.com/console", false, "has a path; give host and port only"],
    ["union.example.com/v2", false, "has a path; give host and port only"],
    ["union.example.com?x", false, "has a path; give host and port only"],
    ["union.example.com#x", false, "has a path; give host and port only"],
    ["http:/union.example.com", false, "has a path; give host and port only"],
    ["https://user:pass@union.example.com", false, "contains a user name or password"],
    ["user@union.example.com", false, "contains a user name or password"],
  ] as const)("%j with insecure %j is refused", (text, insecure, sentence) => {
    expect(parseEndpoint(text, insecure)).toBe(sentence);
  });

  it("never throws, and what it takes it takes again from its own url", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.domain(), fc.string({ unit: "binary" })), fc.boolean(), (text, insecure) => {
        const endpoint = parseEndpoint(text, insecure);
        if (typeof endpoint === "string") return;
        expect(parseEndpoint(endpoint.url, endpoint.insecure)).toEqual(endpoint);
        expect(endpoint.insecure).toBe(endpoint.url.startsWith("http:"));
      }),
    );
  });
});

describe("the endpoint among the settings", () => {
  it("is absent where none is given, so that render needs none", () => {
    expect(load({}).target).toBeUndefined();
  });

  it("is refused under its name, without the text", () => {
    expect(problemsOf({ file: "controlPlane: {endpoint: 'https://user:CANARY@union.example.com'}" })).toEqual([
      "controlPlane.endpoint: the text contains a user name or password; for example dns:///union.example.com",
    ]);
  });

  it("comes with the rest of the way there, read", () => {
    const file = `controlPlane:
  endpoint: union.example.com
  org: acme
  insecureSkipVerify: true
  caFile: ca.crt
  proxy: http://proxy:3128
  noProxy: .svc`;
    const pem = new X509Certificate(rootCertificates[0] ?? "").toString();
    expect(load({ file, files: { "ca.crt": pem } }).target).toEqual({
      endpoint: secure,
      org: "acme",
      skipVerify: true,
      certificateAuthorities: pem,
      proxy: { url: new URL("http://proxy:3128"), hostname: "proxy", port: 3128, authority: "proxy:3128" },
      noProxy: ".svc",
      credentials: { type: "none" },
    });
  });

  it("has no organisation, proxy or CAs unless they are given", () => {
    expect(load({ file: "controlPlane: {endpoint: union.example.com}" }).target).toMatchObject({
      org: "",
      skipVerify: false,
      certificateAuthorities: undefined,
      proxy: undefined,
      noProxy: "",
    });
  });
});
