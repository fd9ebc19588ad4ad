import type { X509Certificate } from "node:crypto";
import tls from "node:tls";

/** What can be wrong with a server's certificate. */
export type CertificateFault = "untrusted" | "self-signed" | "wrong-host" | "without-names" | "not-valid-now";

/** A server's certificate was refused. The message says which fields of it are the reason. */
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

/** Codes of OpenSSL (X509_V_ERR_…) and Node, and of `checkNames`. */
const faults: readonly (readonly [pattern: RegExp, fault: CertificateFault])[] = [
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, "self-signed"],
  [/^(UNABLE_TO_.*|SELF_SIGNED_.*|CERT_UNTRUSTED|INVALID_CA)$/, "untrusted"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "wrong-host"],
  [new RegExp(`^${withoutNames}$`), "without-names"],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, "not-valid-now"],
];

/**
 * Checks that a certificate is for a host. Node accepts the common name of a certificate without subject alternative
 * names; the flyte CLI, like other current clients, does not.
 * @returns the error, or nothing if the certificate is for this host
 */
export function checkNames(hostname: string, certificate: tls.PeerCertificate): Error | undefined {
  if (certificate.subjectaltname) return tls.checkServerIdentity(hostname, certificate);
  return Object.assign(new Error("the certificate has no subject alternative names"), { code: withoutNames });
}

/** What is wrong with the server's certificate, if that is why a TLS handshake failed with this error. */
export function certificateFaultOf(error: Error): CertificateFault | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return faults.find(([pattern]) => pattern.test(code))?.[1];
}

/** The error for a certificate that was refused, with the fields of the certificate that are the reason. */
export function certificateError(
  fault: CertificateFault,
  certificate: X509Certificate | undefined,
  hostname: string,
  now: Date,
  cause: Error & { code?: string },
): CertificateError {
  const message = certificate ? sentences[fault](certificate, hostname, now) : cause.message;
  const names = certificate ? namesIn(certificate.subjectAltName) : "";
  return new CertificateError(fault, cause.code ? `${message} (${cause.code})` : message, names, { cause });
}

const sentences: Record<CertificateFault, (certificate: X509Certificate, hostname: string, now: Date) => string> = {
  untrusted: ({ issuer }) => `it was issued by ${line(issuer)}, which is not a trusted CA`,
  "self-signed": ({ subject }) => `it is self-signed by ${line(subject)} and not trusted`,
  "wrong-host": ({ subjectAltName }, hostname) => `it is for ${namesIn(subjectAltName)}, and not for ${hostname}`,
  "without-names": ({ subject }) => `it has only a common name (${line(subject)}), which clients no longer accept`,
  "not-valid-now": ({ validFrom, validTo }, _hostname, now) =>
    `${describeDistance(new Date(validFrom), new Date(validTo), now)}: it is valid from ${time(validFrom)} to ${time(validTo)}, and here it is ${now.toISOString()}`,
};

/** How far off a certificate's dates are: days suggest a missed renewal, decades a wrong clock. */
function describeDistance(from: Date, to: Date, now: Date): string {
  if (now < from) return `it becomes valid in ${formatDuration(from.getTime() - now.getTime())}`;
  return `it expired ${formatDuration(now.getTime() - to.getTime())} ago`;
}

function formatDuration(milliseconds: number): string {
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
