import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Challenge, parseChallenges } from "../../src/registry/challenge.ts";

const bearer = (parameters: Record<string, string>): Challenge => ({ scheme: "bearer", parameters });
const basic = (realm: string): Challenge => ({ scheme: "basic", parameters: { realm } });

const headers: [name: string, header: string, expected: Challenge[]][] = [
  [
    "Docker Hub",
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/python:pull"',
    [
      bearer({
        realm: "https://auth.docker.io/token",
        service: "registry.docker.io",
        scope: "repository:library/python:pull",
      }),
    ],
  ],
  [
    "a scope with a comma",
    'Bearer realm="https://a/token", scope="repository:x:pull,push"',
    [bearer({ realm: "https://a/token", scope: "repository:x:pull,push" })],
  ],
  [
    "Amazon ECR",
    'Basic realm="https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/",service="ecr.amazonaws.com"',
    [
      {
        scheme: "basic",
        parameters: {
          realm: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/",
          service: "ecr.amazonaws.com",
        },
      },
    ],
  ],
  ["two schemes", 'Bearer realm="https://a/t", Basic realm="b"', [bearer({ realm: "https://a/t" }), basic("b")]],
  [
    "RFC 9110's example",
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    [basic("simple"), { scheme: "newauth", parameters: { realm: "apps", type: "1", title: 'Login to "apps"' } }],
  ],
  ["a scheme alone", "Negotiate, Basic realm=a", [{ scheme: "negotiate", parameters: {} }, basic("a")]],
  ["token68", "NTLM TlRMTVNTUAAB==, Basic realm=a", [{ scheme: "ntlm", parameters: {} }, basic("a")]],
  ["odd whitespace and case", 'BASIC  Realm = "a" ,, , bearer realm=b', [basic("a"), bearer({ realm: "b" })]],
  ["an empty realm", 'Basic realm=""', [basic("")]],
  ["an open quote", 'Bearer realm="https://a', [bearer({ realm: "" })]],
  ["nothing", "", []],
  ["no challenge", "=,=", []],
];

describe("challenges", () => {
  test.each(headers)("%s", (_name, header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });

  test("are read back, whatever is in the quotes", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter((word) => word !== "__proto__");
    const parameters = fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    const challenge = fc.record<Challenge>({ scheme: fc.constantFrom("basic", "bearer", "negotiate"), parameters });
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), (challenges) => {
        const written = challenges.map(({ scheme, parameters }) => {
          const pairs = Object.entries(parameters).map(
            ([key, value]) => `${key}="${value.replace(/[\\"]/g, (character) => `\\${character}`)}"`,
          );
          return `${scheme} ${pairs.join(", ")}`;
        });
        expect(parseChallenges(written.join(", "))).toEqual(challenges);
      }),
    );
  });

  test("end where they cannot be read, and nothing hangs", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB=,"\\ \t\n~é'), maxLength: 200 }), (text) => {
        expect(Array.isArray(parseChallenges(text))).toBe(true);
      }),
    );
  });
});
