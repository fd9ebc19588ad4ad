import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { basicCredentials, quotePlus } from "../../src/network/basic-credentials.ts";
import { quotedPlus } from "../definition/python.ts";

const wellFormed = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed());

describe("a quoted text", () => {
  it("is what Python's quote_plus leaves of it, for each byte and for any text", () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const texts = [...bytes, ...fc.sample(wellFormed, 500), "🜚 \u2028%2B"];
    expect(texts.map(quotePlus)).toEqual(quotedPlus(texts));
  });
});

describe("Basic credentials", () => {
  test.each([
    ["data-plane_operator", "Zk8~p_W-4.r", "data-plane_operator:Zk8~p_W-4.r"],
    ["0oa1:b.c", "a:b", "0oa1:b.c:a%3Ab"],
    ["id with +%/é", "se cret+%/é", "id with +%/é:se+cret%2B%25%2F%C3%A9"],
    ["me", "(it's!)*", "me:%28it%27s%21%29%2A"],
  ])("of %s leave the id as it is and quote the secret", (id, secret, credentials) => {
    expect(Buffer.from(basicCredentials(id, secret), "base64").toString()).toBe(credentials);
  });
});
