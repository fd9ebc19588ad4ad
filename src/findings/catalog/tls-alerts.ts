/** What an alert of a server means for this program, and how to mend it. */
interface AlertTexts {
  /** In words that follow "ended the TLS handshake:". */
  means: string;
  fix: (words: AlertWords) => string;
}

/** Words for one server. */
interface AlertWords {
  /** `union.example.com:443` */
  authority: string;
  /** `union.example.com` */
  host: string;
  /** What says where the server is: `controlPlane.endpoint`. */
  address: string;
}

const unsentCertificate: AlertTexts = {
  means: "it rejects a certificate, although this program sends none",
  fix: ({ authority }) =>
    `Have proxies on the way exempt ${authority} from TLS inspection: one that rejects the server's certificate may end the handshake so.`,
};

const enableCurrentTls = ({ authority }: AlertWords) =>
  `Enable TLS 1.2 or 1.3 with current cipher suites (ECDHE with AES-GCM or ChaCha20) at ${authority}`;

/**
 * TLS alerts by their numbers (RFC 8446, 6.2), for what they mean to a client without a certificate. An alert shows that the
 * server speaks TLS, so none of them is a reason to switch TLS off.
 */
export const tlsAlerts: Readonly<Record<number, AlertTexts>> = {
  // Cloudflare and others send it for a name that they have no certificate for.
  40: {
    means: "it has no cipher suite in common with this program, or no certificate for this host name",
    fix: (words) => `${enableCurrentTls(words)}, and a certificate for ${words.host}.`,
  },
  42: unsentCertificate,
  43: unsentCertificate,
  44: unsentCertificate,
  45: unsentCertificate,
  46: unsentCertificate,
  48: unsentCertificate,
  49: {
    means: "it denies access to this client",
    fix: ({ authority }) => `Allow the address of this client at ${authority} (allow list, access policy, firewall).`,
  },
  70: {
    means: "it supports neither TLS 1.2 nor 1.3",
    fix: ({ authority }) => `Enable TLS 1.2 or 1.3 at ${authority}.`,
  },
  71: {
    means: "it requires stronger cipher suites than this program offers",
    fix: (words) => `${enableCurrentTls(words)}.`,
  },
  // What Go servers and Caddy answer where they have no certificate for the name.
  80: {
    means: "it reports an error of its own, often that it has no certificate for this host name",
    fix: ({ authority, host, address }) =>
      `Read the log of ${authority}; add a certificate for ${host} there, or correct the host name in ${address}.`,
  },
  112: {
    means: "it serves no host of this name",
    fix: ({ host, address }) => `Correct the host name in ${address}, or add ${host} to the hosts of the gateway.`,
  },
  120: {
    means: "it offers neither HTTP/2 nor HTTP/1.1 by ALPN",
    fix: ({ authority, address }) => `Enable h2 or http/1.1 (ALPN) at ${authority}, or correct the port in ${address}.`,
  },
};

/** The fix for an alert that is not in the table, and for a handshake that this program ended itself. */
export function fixOtherHandshake({ authority }: AlertWords): string {
  return `Upgrade TLS at ${authority} to version 1.2 or 1.3 with current cipher suites and keys, and read its log (see why).`;
}
