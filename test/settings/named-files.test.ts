import { describe, expect, it } from "vitest";
import { renderDefinition } from "../../src/definition/render-definition.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { described } from "../../testing/findings/described.ts";
import { load, refused } from "./loading.ts";

const at = "endpoint: union.example.com";
const secrets = [
  [
    "controlPlane.auth.clientSecretFile",
    `controlPlane: {${at}, auth: {type: clientSecret, clientId: me, clientSecretFile: named}}`,
  ],
  ["controlPlane.auth.apiKeyFile", `controlPlane: {${at}, auth: {type: apiKey, apiKeyFile: named}}`],
] as const;
const caFile = `controlPlane: {${at}, caFile: named}`;
const mark = Buffer.from("\ufeff");

const unusable: [name: string, content: Uint8Array, why: string][] = [
  ["UTF-16", Buffer.from("\ufeffCANARY", "utf16le"), "the file is UTF-16 text, not UTF-8"],
  ["NUL bytes", Buffer.from("CANARY\0"), "the file contains NUL bytes, so it is not UTF-8 text"],
  ["bytes that are no text", Buffer.from("CANARY\xff", "latin1"), "the file is not UTF-8 text"],
];

describe.each(secrets)("the file of %s", (setting, file) => {
  it.each<[string, Uint8Array, string]>([
    ...unusable,
    ["a byte order mark", Buffer.concat([mark, Buffer.from("CANARY")]), "the file begins with a byte order mark"],
  ])("with %s is a finding about that file, and shows nothing of it", (_, named, why) => {
    const error = refused({ file, files: { named } });
    expect(described(error)).toMatchObject({
      code: "file-malformed",
      what: `the file named of ${setting} cannot be used`,
      why,
      next: "file named",
    });
    expect(JSON.stringify([error.finding, error.message])).not.toContain("CANARY");
  });
});

describe("the file of controlPlane.caFile", () => {
  it.each<[string, string | Uint8Array, string]>([
    ...unusable,
    ["a page", "<html>CANARY</html>", "the file is an HTML or XML page, not a certificate"],
  ])("with %s is a finding about that file, and shows nothing of it", (_, named, why) => {
    const error = refused({ file: caFile, files: { named } });
    expect(described(error)).toMatchObject({
      code: "ca-file-malformed",
      what: "the file named of controlPlane.caFile is no file of CA certificates",
      why,
      next: "openssl storeutl -noout -certs named",
    });
    expect(JSON.stringify([error.finding, error.message])).not.toContain("CANARY");
  });

  it("is handed on as PEM, whatever its form", async () => {
    const { certificatePem } = await createAuthority("Acme Root CA");
    const named = Buffer.from(certificatePem).toString("base64");
    expect(load({ file: caFile, files: { named } }).target?.certificateAuthorities?.trim()).toBe(certificatePem.trim());
  });
});

describe("the file of --config, and that of --flyte-config", () => {
  it.each(unusable)("with %s says so", (_, content, why) => {
    const expected = { code: "settings-file-unreadable", finding: { why } };
    expect(refused({ file: content })).toMatchObject(expected);
    expect(refused({ flyteFile: content })).toMatchObject(expected);
  });

  it("may have a byte order mark", () => {
    expect(load({ file: "\ufeffappVersion: 2026.3.4\r\n" }).settings.appVersion).toBe("2026.3.4");
  });
});

describe("the file of task.templateFile", () => {
  it.each(unusable)("with %s is a finding about that file", (_, named, why) => {
    const { settings } = load({ file: "{appVersion: 2026.3.4, task: {templateFile: named}}" });
    const render = () => renderDefinition(settings, { readFile: () => named, templateFolder: "templates" });
    expect(render).toThrow(RegistrarError);
    expect(render).toThrow(
      expect.objectContaining({ code: "file-malformed", finding: expect.objectContaining({ why }) }),
    );
  });
});
