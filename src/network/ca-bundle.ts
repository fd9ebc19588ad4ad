import { X509Certificate } from "node:crypto";
import { decodeText } from "../system/text-file.ts";
import { derLength, describeDer, isDer } from "./der.ts";
import { decodeBase64, findPemBlocks, type PemBlock } from "./pem.ts";

/** Labels under which OpenSSL writes certificates; what `TRUSTED` adds comes after the certificate and is ignored. */
const certificateLabels: readonly string[] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];

/**
 * Reads the certificates of a CA file in every form whose meaning is plain: PEM, DER, base64 of either (the value of a Secret
 * as it is stored). TLS libraries skip what they cannot read; here, one certificate that cannot be read is an error, since it
 * may be the one that is needed.
 * @returns PEM with nothing but the certificates
 * @throws {Error} with a sentence that names the certificate and its line, or says what the file is instead
 */
export function readCaBundle(bytes: Uint8Array): string {
  if (isDer(bytes)) return pemOf(readDer(bytes));
  const text = decodeText(bytes);
  const decoded = decodeBase64(text);
  if (decoded && isDer(decoded)) return pemOf(readDer(decoded));
  return pemOf(readPem(decoded?.includes("-----BEGIN ") ? decodeText(decoded) : text));
}

function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map(String).join("");
}

/** Certificates in DER, one after another. */
function readDer(bytes: Uint8Array): X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (let rest = bytes; isDer(rest); rest = rest.subarray(derLength(rest))) {
    const length = derLength(rest);
    if (length > rest.length) throw new Error(`the file is cut off: ${rest.length} of ${length} bytes of DER`);
    try {
      certificates.push(new X509Certificate(rest.subarray(0, length)));
    } catch (cause) {
      throw new Error(`the file holds ${describeDer(rest)}, not a certificate`, { cause });
    }
  }
  return certificates;
}

function readPem(text: string): X509Certificate[] {
  const blocks = findPemBlocks(text);
  const certificates = blocks.filter(({ label }) => certificateLabels.includes(label));
  const ends = text.match(/-----END (X509 |TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
  if (ends > certificates.length) throw new Error("the file is cut off: a certificate in it has no BEGIN line");
  if (certificates.length === 0) throw new Error(describeOther(text, blocks));
  return certificates.map((block, index) => readBlock(block, `certificate ${index + 1} of ${certificates.length}`));
}

function readBlock({ line, body }: PemBlock, name: string): X509Certificate {
  const fail = (what: string, cause?: unknown) => new Error(`${name} (line ${line}) ${what}`, { cause });
  if (body === undefined) throw fail("is cut off: it has no END line");
  const bytes = decodeBase64(body);
  if (!bytes) throw fail("is not base64");
  if (isDer(bytes) && derLength(bytes) > bytes.length) {
    throw fail(`is cut off: ${bytes.length} of ${derLength(bytes)} bytes`);
  }
  try {
    return new X509Certificate(bytes);
  } catch (cause) {
    throw fail("is broken: its base64 does not decode to a certificate", cause);
  }
}

/** What a file without any certificate is; nothing of its content is repeated, which may be secret. */
function describeOther(text: string, [block]: readonly PemBlock[]): string {
  if (block?.label.endsWith("PRIVATE KEY"))
    return `the file holds a private key (line ${block.line}), not a certificate`;
  if (block) return `the file holds a ${block.label} (line ${block.line}), not a certificate`;
  if (/^\s*</.test(text)) return "the file is an HTML or XML page, not a certificate";
  if (/^\s*[[{]/.test(text)) return "the file is JSON, not a certificate";
  return "the file has no PEM block (-----BEGIN CERTIFICATE-----)";
}
