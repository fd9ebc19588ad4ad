import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { hasErrorName } from "../findings/error-name.ts";
import { type Chain, findInvalidNow, judgeChain, servedChain } from "./certificate-chain.ts";
import { distinguishedName } from "./distinguished-name.ts";

/** What can be wrong with a server's certificate. `unusable`: it, or a CA above it, breaks a rule that OpenSSL names. */
export type CertificateFault = VerificationFault | "incomplete-chain";

/** What the code of an error says; whether a chain is incomplete takes a look at the chain. */
type VerificationFault = "untrusted" | "self-signed" | "wrong-host" | "without-names" | "not-valid-now" | "unusable";

/** A server's certificate was refused. The message says which fields of it are the reason. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
  static override [Symbol.hasInstance] = hasErrorName("CertificateError");
  readonly fault: CertificateFault;
  /** The names that the certificate is for: `union.example.com, *.union.example.com`. */
  readonly names: string;
  /** The CA that is not trusted, or whose certificate is missing; empty if it is not about a CA. */
  readonly issuer: string;

  constructor(
    fault: CertificateFault,
    message: string,
    { names = "", issuer = "" }: { names?: string; issuer?: string },
    options: ErrorOptions,
  ) {
    super(message, options);
    this.fault = fault;
    this.names = names;
    this.issuer = issuer;
  }
}

const withoutNames = "ERR_CERTIFICATE_WITHOUT_NAMES";

/** Codes of OpenSSL (X509_V_ERR_…) and Node, and of `checkNames`. */
const faults: readonly (readonly [pattern: RegExp, fault: VerificationFault])[] = [
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, "self-signed"],
  [/^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF).*|SELF_SIGNED_.*|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)$/, "untrusted"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "wrong-host"],
  [new RegExp(`^${withoutNames}$`), "without-names"],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, "not-valid-now"],
  [/^(CERT_(REVOKED|REJECTED|CHAIN_TOO_LONG)|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNSPECIFIED)$/, "unusable"],
  [/^(UNABLE_TO_DEC.*|ERROR_IN_CERT_.*|HOSTNAME_MISMATCH)$/, "unusable"],
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
export function certificateFaultOf(error: Error): VerificationFault | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return faults.find(([pattern]) => pattern.test(code))?.[1];
}

/**
 * The error for a certificate that was refused, with the fields of the certificate that are the reason.
 * @param certificate the refused one, with those that the server sent with it; absent if it could not be read
 * @param trusted PEM of the trusted CAs
 */
export function certificateError(
  fault: VerificationFault,
  { certificate, hostname, trusted }: { certificate: X509Certificate | undefined; hostname: string; trusted: string[] },
  now: Date,
  cause: Error & { code?: string },
): CertificateError {
  const code = cause.code ? ` (${cause.code})` : "";
  if (!certificate) return new CertificateError(fault, `${cause.message}${code}`, {}, { cause });
  const names = namesIn(certificate.subjectAltName);
  const chain = { served: servedChain(certificate), trusted: trusted.map((pem) => new X509Certificate(pem)) };
  if (fault === "untrusted") {
    const verdict = judgeChain(chain);
    const { message, issuer } = verdict;
    return new CertificateError(verdict.fault, `${message}${code}`, { names, issuer }, { cause });
  }
  const message = sentences[fault]({ certificate, chain, hostname, now, cause });
  return new CertificateError(fault, `${message}${code}`, { names }, { cause });
}

interface Refusal {
  certificate: X509Certificate;
  chain: Chain;
  hostname: string;
  now: Date;
  cause: Error;
}

const sentences: Record<Exclude<VerificationFault, "untrusted">, (refusal: Refusal) => string> = {
  "self-signed": ({ certificate }) => `it is self-signed by ${distinguishedName(certificate.subject)} and not trusted`,
  "wrong-host": ({ certificate, hostname }) =>
    `it is for ${namesIn(certificate.subjectAltName)}, and not for ${hostname}`,
  "without-names": ({ certificate }) =>
    `it has only a common name (${distinguishedName(certificate.subject)}), which clients no longer accept`,
  "not-valid-now": ({ certificate, chain, now }) => {
    const invalid = findInvalidNow(chain, now) ?? certificate;
    const { subject, validFromDate: from, validToDate: to } = invalid;
    const name = invalid === certificate ? "it" : `the certificate of its CA ${distinguishedName(subject)}`;
    return `${name} ${describeDistance(from, to, now)}: it is valid from ${from.toISOString()} to ${to.toISOString()}, and here it is ${now.toISOString()}`;
  },
  unusable: ({ cause }) => cause.message,
};

/** How far off a certificate's dates are: days suggest a missed renewal, decades a wrong clock. */
function describeDistance(from: Date, to: Date, now: Date): string {
  if (now < from) return `becomes valid in ${formatDuration(from.getTime() - now.getTime())}`;
  return `expired ${formatDuration(now.getTime() - to.getTime())} ago`;
}

function formatDuration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 60 / 24)} days`;
}

function namesIn(subjectAltName = ""): string {
  return subjectAltName.replaceAll(/\b(DNS|IP Address):/g, "");
}
