import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeOddSecret } from "../../../src/control-plane/auth/secret-shape.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a client secret", () => {
  it.each([
    ["registrar", "client id"],
    ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "PEM file"],
    ['"a-secret"', "quotation marks"],
    ["'a-secret'", "quotation marks"],
    ["client_secret: abc", "whitespace"],
    ["one\ntwo", "whitespace"],
    [base64("a-secret-of-some-length"), "encoded twice"],
    [base64("a-secret-of-some-length\n"), "encoded twice"],
    [base64("union.example.com:registrar:the-secret:acme"), "apiKey"],
  ])("%j looks odd: %s", (secret, words) => {
    expect(describeOddSecret(secret, "registrar")).toContain(words);
  });

  it("as identity providers make them does not", () => {
    for (let length = 16; length < 64; length++) {
      expect(describeOddSecret(randomBytes(length).toString("base64"), "registrar")).toBeUndefined();
      expect(describeOddSecret(randomBytes(length).toString("hex"), "registrar")).toBeUndefined();
    }
    expect(describeOddSecret("9Qd8Q~xJ2LrV0eK.tq-b_7sWcYzP1uHnM3aFgT", "registrar")).toBeUndefined();
  });

  it("is never told, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(describeOddSecret(`canary${text}`, "registrar") ?? "").not.toContain("canary");
      }),
    );
  });
});
