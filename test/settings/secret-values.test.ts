import { describe, expect, it } from "vitest";
import { secretValues } from "../../src/settings/secret-values.ts";

describe("values that may be secrets", () => {
  it.each([
    { where: "under a name of one", value: { DB_PASSWORD: "a" }, found: ["a"] },
    { where: "in a list of variables", value: { env: [{ name: "API_KEY", value: "a" }] }, found: ["a"] },
    { where: "in a list of pairs", value: { env: [{ key: "DB_PASSWORD", value: "a" }] }, found: ["a"] },
    { where: "deep inside", value: [{ spec: { annotations: { "acme/auth-token": "a" } } }], found: ["a"] },
    { where: "next to others", value: { env: [{ name: "TZ", value: "UTC" }], accessKey: "a" }, found: ["a"] },
    ...["api-key", "apiKey", "API_KEY", "access-key", "AccessKey", "ACCESS_KEY", "myFileToken", "URL_TOKEN"].map(
      (name) => ({
        where: `under ${name}`,
        value: { [name]: "a" },
        found: ["a"],
      }),
    ),
    { where: "nowhere", value: { clientSecretFile: "/etc/secret", tokenEndpoint: "https://a", name: "x" }, found: [] },
    { where: "in a variable that names a file", value: [{ name: "TOKEN_FILE", value: "/x" }], found: [] },
    { where: "where it is no text", value: { tokens: 3, secret: null, password: { a: 1 } }, found: [] },
    { where: "in nothing", value: undefined, found: [] },
  ])("are found $where", ({ value, found }) => {
    expect(secretValues(value)).toEqual(found);
  });
});
