import type { X509Certificate } from "node:crypto";
import tls from "node:tls";

/** What can be wrong with a server's certificate; each is a code of the catalogue. */
type CertificateFault =
  | "tls-untrusted"
  | "tls-self-signed"
  | "tls-wrong-host"
  | "tls-without-names"
  | "tls-not-valid-now";

/** A certificate was refused. The message says what stands in it. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
  readonly fault: CertificateFault;
  /** The names that the certificate is for: `union.example.com, *.union.example.com`. */
  readonly names: string;

  constructor(fault: CertificateFault, message: string, names: string, options: ErrorOptions) {
    super(message, options);
    this.fault = fault;
    this.names = names;
  }
}

const withoutNames = "ERR_CERTIFICATE_WITHOUT_NAMES";

/** Codes of OpenSSL and Node, and what they mean to an operator. */
const faults: readonly (readonly [pattern: RegExp, fault: CertificateFault])[] = [
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, "tls-self-signed"],
  [/^(UNABLE_TO_.*|SELF_SIGNED_.*|CERT_UNTRUSTED|INVALID_CA)$/, "tls-untrusted"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "tls-wrong-host"],
  [new RegExp(`^${withoutNames}$`), "tls-without-names"],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, "tls-not-valid-now"],
];

/**
 * Node takes the common name where a certificate has no other names; the flyte CLI, as all newer clients, does not.
 * @returns the error, or nothing where the certificate is for this host
 */
export function checkNames(host: string, certificate: tls.PeerCertificate): Error | undefined {
  if (certificate.subjectaltname) return tls.checkServerIdentity(host, certificate);
  return Object.assign(new Error("the certificate has no subject alternative names"), { code: withoutNames });
}

/** Whether a failed handshake failed because of the server's certificate. */
export function faultOf(error: unknown): CertificateFault | undefined {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return faults.find(([pattern]) => pattern.test(code))?.[1];
}

/** Says what stands in a certificate that was refused, as far as it explains why. */
export function explain(
  fault: CertificateFault,
  certificate: X509Certificate | undefined,
  host: string,
  now: Date,
  cause: Error & { code?: string },
): CertificateError {
  const said = certificate ? sentences[fault](certificate, host, now) : cause.message;
  const names = certificate ? namesIn(certificate.subjectAltName) : "";
  return new CertificateError(fault, cause.code ? `${said} (${cause.code})` : said, names, { cause });
}

const sentences: Record<CertificateFault, (certificate: X509Certificate, host: string, now: Date) => string> = {
  "tls-untrusted": ({ issuer }) =>
    `it was issued by ${line(issuer)}, which is neither a public authority nor in controlPlane.caFile`,
  "tls-self-signed": ({ subject }) => `${line(subject)} has signed it itself, and it is not in controlPlane.caFile`,
  "tls-wrong-host": ({ subjectAltName }, host) => `it is for ${namesIn(subjectAltName)}, and not for ${host}`,
  "tls-without-names": ({ subject }) => `it has only a common name (${line(subject)}), which clients no longer accept`,
  "tls-not-valid-now": ({ validFrom, validTo }, _host, now) =>
    `${offBy(new Date(validFrom), new Date(validTo), now)}: it is valid from ${time(validFrom)} to ${time(validTo)}, and here it is ${now.toISOString()}`,
};

/** How far a clock is from a certificate's dates: what tells a missed renewal from a clock that is wrong. */
function offBy(from: Date, to: Date, now: Date): string {
  if (now < from) return `it becomes valid in ${length(from.getTime() - now.getTime())}`;
  return `it expired ${length(now.getTime() - to.getTime())} ago`;
}

function length(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 60 / 24)} days`;
}

/** A distinguished name in one line. */
function line(name: string): string {
  return name.trim().split("\n").join(", ");
}

function namesIn(subjectAltName = ""): string {
  return subjectAltName.replaceAll(/\b(DNS|IP Address):/g, "");
}

function time(text: string): string {
  return new Date(text).toISOString();
}
