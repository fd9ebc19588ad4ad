import { generateKeyPairSync, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readCaBundle } from "../../src/network/ca-bundle.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";

let root: string;
let other: string;
let key: string;
beforeAll(async () => {
  const authority = await createAuthority("Acme Root CA");
  root = authority.certificatePem;
  other = (await createAuthority("Other CA")).certificatePem;
  key = (await authority.issue()).keyPem;
});

const { privateKey: rsaKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const der = (pem: string) => new X509Certificate(pem).raw;
const base64 = (content: string | Buffer) => Buffer.from(content).toString("base64");
const wrapped = (text: string) => text.replaceAll(/.{76}/g, "$&\n");
const oneLine = (pem: string) => pem.replaceAll(/\s+/g, " ").replaceAll(/(?<=[-]{5}(?:BEGIN|END)) /g, " ");
const labelled = (pem: string, label: string) => pem.replaceAll("CERTIFICATE", label);
/** Without what follows the first lines. */
const head = (pem: string, lines: number) => pem.split("\n").slice(0, lines).join("\n");

const read = (content: string | Uint8Array) => readCaBundle(Buffer.from(content));
const subjects = (pem: string) =>
  (pem.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one).subject);
const reasonOf = (content: string | Uint8Array) => {
  try {
    read(content);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
  return "it was read";
};

describe("the form of a CA file", () => {
  test.each<[string, () => string | Buffer]>([
    ["PEM", () => root],
    ["PEM with CRLF", () => root.replaceAll("\n", "\r\n")],
    ["PEM with CR", () => root.replaceAll("\n", "\r")],
    ["PEM with a byte order mark", () => `\ufeff${root}`],
    ["PEM indented, as in a YAML file", () => `ca.crt: |\n${root.replaceAll(/^(?=.)/gm, "    ")}`],
    ["PEM in one line, as of an unquoted variable", () => oneLine(root)],
    ["PEM with the base64 in one line", () => root.replaceAll(/(?<=[^-])\n(?=[^-])/g, "")],
    ["PEM with blank lines and spaces at line ends", () => root.replaceAll("\n", " \n\n")],
    ["PEM without a newline at the end", () => root.trimEnd()],
    ["PEM with comments, as openssl x509 -text adds", () => `Certificate:\n    Data: ü\n${root}# end\n`],
    ["PEM with the key next to it, which is ignored", () => key + root],
    ["PEM of an X509 CERTIFICATE", () => labelled(root, "X509 CERTIFICATE")],
    ["PEM of a TRUSTED CERTIFICATE", () => labelled(root, "TRUSTED CERTIFICATE")],
    ["base64 of PEM, as kubectl shows a Secret", () => base64(root)],
    ["base64 of PEM, wrapped", () => `${wrapped(base64(root))}\n`],
    ["DER", () => der(root)],
    ["DER and a newline", () => Buffer.concat([der(root), Buffer.from("\n")])],
    ["base64 of DER", () => wrapped(base64(der(root)))],
  ])("%s is read as the certificate", (_, content) => {
    expect(read(content())).toBe(root.trimEnd().concat("\n"));
  });

  test.each<[string, () => string | Buffer]>([
    ["PEM", () => root + other],
    ["PEM without a newline between them", () => root.trimEnd() + other],
    ["base64 of PEM", () => base64(root + other)],
    ["DER", () => Buffer.concat([der(root), der(other)])],
  ])("%s may hold several, and none is left out", (_, content) => {
    expect(subjects(read(content()))).toEqual(["CN=Acme Root CA", "CN=Other CA"]);
  });

  test("does not matter to what is read, however often and in whichever way it is written", () => {
    const forms = fc.constantFrom<(pem: string) => string>(
      (pem) => pem,
      (pem) => pem.replaceAll("\n", "\r\n"),
      (pem) => pem.replaceAll(/^/gm, "\t"),
      (pem) => `\ufeff${pem}`,
      (pem) => oneLine(pem),
      (pem) => `subject=CN=x\n\n${pem}`,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), forms), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (parts, coded) => {
          const text = parts.map(([isRoot, form]) => form(isRoot ? root : other)).join("\n");
          const expected = parts.map(([isRoot]) => (isRoot ? "CN=Acme Root CA" : "CN=Other CA"));
          expect(subjects(read(coded ? base64(text) : text))).toEqual(expected);
        },
      ),
    );
  });
});

describe("a CA file that holds no usable certificate", () => {
  test.each<[string, () => string | Uint8Array, string]>([
    ["a private key", () => key, "the file holds a private key (line 1), not a certificate"],
    [
      "a request",
      () => labelled(root, "CERTIFICATE REQUEST"),
      "the file holds a CERTIFICATE REQUEST (line 1), not a certificate",
    ],
    [
      "an HTML page",
      () => "\n<!DOCTYPE html><title>Log in</title>",
      "the file is an HTML or XML page, not a certificate",
    ],
    ["JSON", () => '{"ca.crt": "x"}', "the file is JSON, not a certificate"],
    ["words", () => "see the wiki", "the file has no PEM block (-----BEGIN CERTIFICATE-----)"],
    [
      "a PEM line with too few dashes",
      () => root.replaceAll("-----BEGIN", "----BEGIN"),
      "the file is cut off: a certificate in it has no BEGIN line",
    ],
    [
      "UTF-16, as PowerShell writes",
      () => Buffer.from(`\ufeff${root}`, "utf16le"),
      "the file is UTF-16 text, not UTF-8",
    ],
    ["an image", () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "the file is not UTF-8 text"],
    ["bytes that begin like DER", () => Uint8Array.of(0x30, 0xff, 1, 2), "the file is not UTF-8 text"],
    [
      "base64 of words",
      () => base64("see the wiki, where the certificate is"),
      "the file has no PEM block (-----BEGIN CERTIFICATE-----)",
    ],
    ["base64 of a private key", () => base64(key), "the file holds a private key (line 1), not a certificate"],
    [
      "a key in DER",
      () => rsaKey.export({ format: "der", type: "pkcs8" }),
      "the file holds a private key, not a certificate",
    ],
    [
      "a PKCS #1 key in DER",
      () => rsaKey.export({ format: "der", type: "pkcs1" }),
      "the file holds a private key, not a certificate",
    ],
    ["DER that is cut off", () => der(root).subarray(0, 200), "the file is cut off: 200 of"],
    [
      "DER of which a second certificate is cut off",
      () => Buffer.concat([der(root), der(other).subarray(0, 99)]),
      "the file is cut off: 99 of",
    ],
    [
      "DER of another kind",
      () => Buffer.concat([Buffer.from("30820100", "hex"), Buffer.alloc(256, 5)]),
      "the file holds DER of another kind, not a certificate",
    ],
  ])("says what it is instead: %s", (_, content, reason) => {
    expect(reasonOf(content())).toContain(reason);
  });

  // The first bytes of what OpenSSL 3.5 writes.
  test.each([
    ["crl2pkcs7", "3082036c06092a864886f70d010702a082035d30820359020101", "a PKCS #7 bundle (.p7b)"],
    ["pkcs12 -export", "30820a2f020103308209e506092a864886f70d010701a08209d6", "a PKCS #12 file (.p12, .pfx)"],
    ["req", "308202593082014102010030143112301006035504030c096c6f63", "DER of another kind"],
  ])("knows what openssl %s writes", (_, start, name) => {
    const bytes = Buffer.concat([Buffer.from(start, "hex"), Buffer.alloc(3_000)]);
    expect(reasonOf(bytes)).toBe(`the file holds ${name}, not a certificate`);
  });

  test.each<[string, () => string, string]>([
    ["is cut off", () => root + head(other, 4), "certificate 2 of 2 (line LINE) is cut off: it has no END line"],
    [
      "is cut off before the next",
      () => `${head(other, 4)}\n${root}`,
      "certificate 1 of 2 (line 1) is cut off: it has no END line",
    ],
    [
      "lacks lines",
      () => root + other.split("\n").toSpliced(3, 1).join("\n"),
      "certificate 2 of 2 (line LINE) is cut off: ",
    ],
    ["has another character", () => root + other.replace("MII", "M*I"), "certificate 2 of 2 (line LINE) is not base64"],
    [
      "has \\n for line ends",
      () => root + other.replaceAll("\n", "\\n"),
      "certificate 2 of 2 (line LINE) is not base64",
    ],
    [
      "is base64 of something else",
      () => `${root}-----BEGIN CERTIFICATE-----\n${base64("words")}\n-----END CERTIFICATE-----`,
      "certificate 2 of 2 (line LINE) is broken",
    ],
    [
      "lacks its first line",
      () => `${root}${other.slice(28)}`,
      "the file is cut off: a certificate in it has no BEGIN line",
    ],
  ])("names the certificate of a bundle that %s, and its line", (_, content, reason) => {
    expect(reasonOf(content())).toContain(reason.replace("LINE", String(root.split("\n").length)));
  });

  test("repeats nothing of what it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", key, "-----BEGIN CERTIFICATE-----\n"),
        (text, start) => {
          expect(reasonOf(`${start}CANARY ${text}`)).not.toContain("CANARY");
        },
      ),
    );
  });
});
