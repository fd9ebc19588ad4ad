import { describeCause } from "../findings/describe-cause.ts";
import { CertificateError, type CertificateFault, certificateFaultOf } from "./certificate.ts";
import { alertNumberOf, TlsAlert } from "./tls-alert.ts";

/** What went wrong with TLS. Each says that the server speaks TLS, except `not-tls`: it sent something else. */
export interface TlsFault {
  kind: CertificateFault | "client-certificate" | "handshake" | "not-tls";
  detail: string;
  /** The names that a certificate is for; empty if they are not known. */
  names?: string;
  /** The CA whose certificate the server does not send. */
  issuer?: string;
  /** The number of the TLS alert with which the server ended the handshake. */
  alert?: number;
  /** `https://proxy:3128`, if it is the TLS of the proxy. */
  proxy?: string;
}

/** What OpenSSL says of bytes that are no TLS record. */
const notTls = /^(wrong version number|http request|https proxy request|packet length too long)$/;

/** OpenSSL names the alerts of a peer so, and nothing else: SSL_AD_REASON_OFFSET in its ssl.h. */
const alertReason = /^(?:ssl\/tls|sslv3|tlsv1|tlsv13) (?:alert )?(.+)$/;

/** `certificate_required`: sent for no other reason. */
const certificateRequired = 116;

/**
 * Alerts by which servers reject a client without a certificate once they have shown their own: `handshake_failure` (OpenSSL
 * and BoringSSL under TLS 1.2), `bad_certificate` (Go, Java), `certificate_unknown` (Java). Before that they mean something else.
 */
const lateCertificateAlerts: readonly number[] = [40, 42, 46];

/** What an error says about TLS; nothing if it is about something else. */
export function tlsFaultOf(error: Error): TlsFault | undefined {
  if (error instanceof CertificateError) {
    const { fault, message, names, issuer } = error;
    return { kind: fault, detail: message, names, issuer };
  }
  if (error instanceof TlsAlert) return error.cause instanceof Error ? faultOf(error.cause, error.isLate) : undefined;
  // After the handshake, with which TLS 1.3 ends before the server has judged the client.
  return faultOf(error, true);
}

function faultOf(error: Error, isLate: boolean): TlsFault | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const certificateFault = certificateFaultOf(error);
  if (certificateFault) return { kind: certificateFault, detail: withCode(describeCause(error), code), names: "" };
  if (!/^(EPROTO|ERR_SSL_.*)$/.test(code)) return undefined;
  const said = openSslReason(error);
  const reason =
    said ??
    code
      .replace(/^ERR_SSL_/, "")
      .replaceAll("_", " ")
      .toLowerCase();
  const [, alertName] = alertReason.exec(reason) ?? [];
  if (alertName === undefined) {
    return {
      kind: notTls.test(reason) ? "not-tls" : "handshake",
      detail: withCode(said ?? describeCause(error), code),
    };
  }
  const alert = alertNumberOf(error);
  const isAboutCertificate = alert === certificateRequired || (isLate && lateCertificateAlerts.includes(alert ?? 0));
  const detail = withCode(
    said === undefined ? describeCause(error) : `the server sent the TLS alert "${alertName}"`,
    code,
  );
  return {
    kind: isAboutCertificate ? "client-certificate" : "handshake",
    detail,
    ...(alert !== undefined && { alert }),
  };
}

/** A text, and in brackets the code that is not in it. */
export function withCode(text: string, code: string): string {
  return text.includes(code) ? text : `${text} (${code})`;
}

/** `tlsv13 alert certificate required`: a field of the error, or a part of its message if the code is EPROTO. */
function openSslReason(error: Error): string | undefined {
  if ("reason" in error && typeof error.reason === "string") return error.reason;
  return /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
}
