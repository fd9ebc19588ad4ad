import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTokenAnswer } from "../../../src/control-plane/auth/token-answer.ts";

const json = { "content-type": "application/json" };
const read = (status: number, body: unknown, headers: Readonly<Record<string, string>> = json) =>
  readTokenAnswer({ status, headers, text: typeof body === "string" ? body : JSON.stringify(body) });

describe("a token", () => {
  test.each<[string, number, unknown, Readonly<Record<string, string>>?]>([
    ["alone", 200, { access_token: "tok" }],
    ["with a type that is none", 200, { access_token: "tok", token_type: "mac", expires_in: 60 }],
    ["with an id_token of another issuer", 200, { access_token: "tok", id_token: "not.a.jwt", expires_in: 60 }],
    ["with a lifetime in text", 200, { access_token: "tok", expires_in: "3600" }],
    ["with fields of other types", 200, { access_token: "tok", scope: ["all"], refresh_token: null, error: null }],
    ["of another content type", 200, { access_token: "tok" }, { "content-type": "text/html" }],
    ["without a content type", 200, { access_token: "tok" }, {}],
    ["with whitespace around the JSON", 200, '\r\n {"access_token": "tok"}\n'],
  ])("%s is read", (_, status, body, headers) => {
    expect(read(status, body, headers)).toEqual({ token: "tok" });
  });

  test("is read with any 2xx, and with no other status", () => {
    for (let status = 200; status < 600; status++) {
      expect("token" in read(status, { access_token: "tok" })).toBe(status < 300);
    }
  });

  test("is read whatever stands next to it", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 2 }), (more) => {
        expect(read(200, { ...more, access_token: "tok" })).toEqual({ token: "tok" });
      }),
    );
  });

  test.each<[string, number, unknown]>([
    ["missing", 200, { token_type: "Bearer", expires_in: 60 }],
    ["empty", 200, { access_token: "" }],
    ["null", 200, { access_token: null }],
    ["a number", 200, { access_token: 5 }],
    ["of two lines", 200, { access_token: "tok\nother" }],
    ["in a list", 200, [{ access_token: "tok" }]],
    ["a JSON text", 200, '"tok"'],
    ["a text", 200, "tok"],
    ["a form", 200, "access_token=tok&expires_in=60"],
    ["of a refusal", 401, { access_token: "tok" }],
  ])("is none where it is %s, and the answer is not repeated", (_, status, body) => {
    const refusal = read(status, body);
    expect(refusal).not.toHaveProperty("token");
    expect(JSON.stringify(refusal)).not.toMatch(/\btok\b/);
  });
});

describe("the words of a refusal", () => {
  test.each<[string, unknown, string, string]>([
    ["RFC 6749", { error: "invalid_scope", error_description: "no read" }, "invalid_scope", "invalid_scope: no read"],
    ["a code alone", { error: "INVALID_CLIENT" }, "invalid_client", "INVALID_CLIENT"],
    [
      "Okta",
      { errorCode: "E0000011", errorSummary: "Invalid token provided", errorLink: "E0000011", errorCauses: [] },
      "e0000011",
      "E0000011: Invalid token provided",
    ],
    [
      "Google (panva/openid-client#125)",
      { error: { code: 400, message: "Request contains an invalid argument.", status: "INVALID_ARGUMENT" } },
      "",
      "Request contains an invalid argument.",
    ],
    [
      "Apigee",
      {
        fault: { faultstring: "Invalid client identifier", detail: { errorcode: "oauth.v2.InvalidClientIdentifier" } },
      },
      "oauth.v2.invalidclientidentifier",
      "oauth.v2.InvalidClientIdentifier: Invalid client identifier",
    ],
    [
      "PingOne",
      { id: "c1", code: "NOT_FOUND", message: "The request could not be completed.", details: [{ code: "X" }] },
      "not_found",
      "NOT_FOUND: The request could not be completed.",
    ],
    ["Keycloak without the realm", { error: "Realm does not exist" }, "", "Realm does not exist"],
    ["Amazon API Gateway", { message: "Forbidden" }, "", "Forbidden"],
    ["RFC 9457", { type: "about:blank", title: "Gone", detail: "moved away", status: 410 }, "", "moved away"],
    [
      "objects for texts",
      { error: { a: 1 }, error_description: ["x"] },
      "",
      "JSON without a usable access_token (fields: error, error_description)",
    ],
    ["nothing", {}, "", "JSON without a usable access_token (fields: none)"],
    ["text of several lines", "no such\n  tenant", "", "no such tenant"],
    ["control characters between words", "\u001b[31mno\u0000tenant\u0007", "", "[31mno tenant"],
    ["control characters in JSON", { error_description: "no\u001b[2Jtenant" }, "", "no [2Jtenant"],
    ["control characters alone", "\u0000\u0001", "", "a body that is no text"],
    ["nothing at all", "", "", "no body"],
    [
      "a page",
      "<!DOCTYPE html><html><head><TITLE>\n  Access\n denied </TITLE>",
      "",
      'an HTML page, titled "Access denied"',
    ],
    ["a page without a title", "<html><body>no</body></html>", "", "an HTML page"],
  ])("of %s are found", (_, body, error, words) => {
    expect(read(400, body)).toMatchObject({ status: 400, error, why: `HTTP 400: ${words}` });
  });

  test("name the server, and where a redirect leads without what it carries", () => {
    const headers = { server: "cloudflare", location: "https://sso.example.com/login?state=canary#x" };
    expect(read(302, "", headers)).toMatchObject({
      why: "HTTP 302: a redirect by cloudflare to https://sso.example.com/login",
    });
    expect(read(403, "<title>Blocked</title>", headers)).toMatchObject({
      why: 'HTTP 403: an HTML page by cloudflare, titled "Blocked"',
    });
  });

  test("are in one line, not endless, and never an object's name, whatever is answered", () => {
    const unsafe = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(fc.jsonValue(), unsafe, fc.record({ error: unsafe, message: unsafe })),
        (status, body) => {
          const refusal = read(status, body);
          const { why } = "why" in refusal ? refusal : { why: "" };
          expect(why).toMatch(/^HTTP \d{3}: \S[^\p{Cc}]*$/u);
          expect(why).not.toMatch(/\[object |undefined/);
          expect(why.length).toBeLessThan(700);
        },
      ),
    );
  });
});
