import type { X509Certificate } from "node:crypto";
import { distinguishedName, organizationOf } from "./distinguished-name.ts";

/** Why no path leads from a server's certificate to a trusted CA. */
export interface ChainVerdict {
  /** `incomplete-chain`: the server does not send the certificate of the CA that issued its own. */
  fault: "untrusted" | "incomplete-chain";
  /** In words that follow "the certificate of …:". */
  message: string;
  /** The CA that is not trusted, or whose certificate is missing. */
  issuer: string;
}

/** More than any server sends; a chain in a circle ends there. */
const longest = 10;

/** What there is to build a chain from. */
export interface Chain {
  /** The certificates that the server sent, its own first, each issued by the next. */
  served: readonly X509Certificate[];
  trusted: readonly X509Certificate[];
}

/** The certificates that a server sent, its own first, each issued by the next. */
export function servedChain(certificate: X509Certificate): X509Certificate[] {
  const chain = [certificate];
  for (let next = certificate.issuerCertificate; next && chain.length < longest; next = next.issuerCertificate) {
    chain.push(next);
  }
  return chain;
}

/**
 * Tells a server that forgets an intermediate CA from a CA that is not trusted. Neither can be seen directly: the certificate
 * of the issuer is missing in both. What speaks for an intermediate CA is that the server's certificate says where to get
 * that of its issuer (caIssuers, which certificates issued by a root CA hardly ever have), or that a trusted CA is of the
 * same organization. A server that sends any CA certificate is taken to send all but the root.
 */
export function judgeChain({ served, trusted }: Chain): ChainVerdict {
  const [own] = served;
  const last = served.at(-1);
  if (!own || !last) throw new RangeError("a chain has at least one certificate");
  const issuer = distinguishedName(last.issuer);
  const hasNamesake = trusted.some(({ subject }) => subject === last.issuer);
  const untrusted = (message: string): ChainVerdict => {
    const namesake = hasNamesake ? "; a CA of that name is trusted here, but its key is another one" : "";
    return { fault: "untrusted", message: `${message}${namesake}`, issuer };
  };
  if (served.length > 1) {
    const isRoot = last.checkIssued(last);
    const sent = isRoot
      ? "the root CA that the server sends"
      : "the issuer of the last certificate that the server sends";
    return untrusted(`${sent}, ${issuer}, is not a trusted CA`);
  }
  const issued = `it was issued by ${issuer}`;
  if (hasNamesake) return untrusted(issued);
  // A CA that calls itself one is a root CA.
  if (/\broot\b/i.test(last.issuer)) return untrusted(`${issued}, which is not a trusted CA`);
  const evidence = evidenceOfIntermediate(own, trusted);
  if (evidence === undefined) {
    return untrusted(
      `${issued}, which is not a trusted CA; if it is an intermediate CA, the server has to send its certificate`,
    );
  }
  const message = `${issued}, whose certificate the server does not send and which is not a trusted CA; ${evidence}`;
  return { fault: "incomplete-chain", message, issuer };
}

/** The certificate of a chain that has expired or is not valid yet, that of the trusted CA included; nothing if none has. */
export function findInvalidNow({ served, trusted }: Chain, now: Date): X509Certificate | undefined {
  const last = served.at(-1);
  const path = [...served, ...trusted.filter((authority) => last?.checkIssued(authority))];
  return path.find(({ validFromDate, validToDate }) => now < validFromDate || validToDate < now);
}

/** Why the issuer of a certificate is probably an intermediate CA, in words; nothing if nothing says so. */
function evidenceOfIntermediate(own: X509Certificate, trusted: readonly X509Certificate[]): string | undefined {
  const place = /^CA Issuers - URI:(.+)$/m.exec(own.infoAccess ?? "")?.[1];
  if (place !== undefined) return `it can be had from ${place}`;
  const organization = organizationOf(own.issuer);
  const related = trusted.find(({ subject }) => organization !== undefined && organizationOf(subject) === organization);
  return related && `a trusted CA of the same organization is ${distinguishedName(related.subject)}`;
}
