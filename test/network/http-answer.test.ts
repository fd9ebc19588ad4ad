import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { challengesOf, describeAnswer } from "../../src/network/http-answer.ts";

const answer = (status: number, headers: Readonly<Record<string, string>>, body: string) =>
  describeAnswer({ status, header: (name) => headers[name], body });

describe("an answer is described by", () => {
  test.each<[why: string, headers: Record<string, string>, body: string, text: string]>([
    ["its status alone", {}, "", "HTTP 403"],
    [
      "its server and title",
      { server: "cloudflare" },
      "<title>Blocked</title><p>x",
      'HTTP 403, server cloudflare: "Blocked"',
    ],
    [
      "the words of a plain text",
      { server: "istio-envoy" },
      "RBAC: access denied",
      'HTTP 403, server istio-envoy: "RBAC: access denied"',
    ],
    ["JSON as it is", {}, '{"message":"no Route"}\n', 'HTTP 403: "{"message":"no Route"}"'],
    [
      "the words of a page without a title, not those of its scripts",
      {},
      "<!DOCTYPE html><style>p {}</style><script>if (a < b) x()</script><body>\n<p>Access <b>denied</b></p>",
      'HTTP 403: "Access denied"',
    ],
    [
      "the login that it asks for",
      { "www-authenticate": 'Basic realm="Corp"' },
      "",
      'HTTP 403; it asks for Basic realm="Corp"',
    ],
    ["the login of a proxy", { "proxy-authenticate": "NTLM" }, "", "HTTP 403; it asks for NTLM"],
    ["what gRPC says", { "grpc-message": "invalid content-type" }, "", 'HTTP 403; gRPC message "invalid content-type"'],
    ["what Squid says", { "x-squid-error": "ERR_ACCESS_DENIED 0" }, "", "HTTP 403; Squid's ERR_ACCESS_DENIED 0"],
  ])("%s", (_, headers, body, text) => {
    expect(answer(403, headers, body)).toBe(text);
  });

  test("one short line that a terminal shows as it is, whatever the answer has", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: "binary" }), (body, server) => {
        const text = answer(500, { server, "www-authenticate": server }, body);
        expect(text).toMatch(/^HTTP 500[^\p{Cc}]*$/u);
        expect(text.length).toBeLessThan(450);
      }),
    ));
});

test.each<[value: string | undefined, schemes: string[]]>([
  [undefined, []],
  ["", []],
  ['Basic realm="Corp"', ["basic"]],
  ["Negotiate", ["negotiate"]],
  ["Negotiate, NTLM", ["negotiate", "ntlm"]],
  ['Negotiate, Basic realm="a, b", charset="UTF-8"', ["negotiate", "basic"]],
  ['Bearer realm="x", error="invalid_token", error_description="no"', ["bearer"]],
  ['Digest realm="a", nonce="b", Basic realm="c"', ["digest", "basic"]],
])("the challenge %j asks for %j", (value, schemes) => {
  expect(challengesOf(value)).toEqual(schemes);
});
