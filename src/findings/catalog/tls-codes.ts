import type { Reader } from "../reader.ts";
import { type At, curl, entry, exitCodes } from "./code-entry.ts";
import { authorityOf, hostOf, ipAddressOf, showCertificate } from "./endpoint-texts.ts";
import { fixOtherHandshake, tlsAlerts } from "./tls-alerts.ts";

const exit = exitCodes.controlPlane;

/** Servers that this program speaks TLS with. */
export type TlsServer = "control plane" | "token endpoint" | "proxy" | "registry";

/** Where TLS failed. */
interface TlsAt extends At {
  /** The control plane unless told otherwise. */
  server?: TlsServer;
}

/** TLS with the control plane, the token endpoint, the proxy and container registries. */
export const tlsCodes = {
  "tls-untrusted": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is signed by a CA that is not trusted here`,
    fix: (_args, reader) => trustFix(reader, "that CA"),
    next: showCertificate,
  }),
  "tls-chain-incomplete": entry<TlsAt & { issuer: string }>({
    exit,
    what: ({ endpoint, issuer }) =>
      `${endpoint} does not send the certificate of the CA that issued its own, ${issuer}, so the chain is incomplete`,
    fix: ({ endpoint, issuer }, reader) =>
      `Have ${authorityOf(endpoint)} send its whole chain (fullchain.pem, or tls.crt with the intermediate CAs). If that cannot be done, or ${issuer} is a root CA: ${trustFix(reader, issuer)}`,
    next: showCertificate,
  }),
  "tls-self-signed": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is self-signed and not in the trust store`,
    fix: (_args, reader) => trustFix(reader, "this certificate"),
    next: showCertificate,
  }),
  "tls-without-names": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} has no subject alternative names`,
    fix: ({ endpoint }) => `Renew the certificate with subjectAltName=${alternativeName(endpoint)}.`,
    next: showCertificate,
  }),
  "tls-wrong-host": entry<TlsAt & { names?: string }>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is for another host name`,
    fix: ({ server, endpoint, names }, reader) => {
      const name = `a name of the certificate${names ? ` (${names})` : ""}`;
      const renew = `Renew the certificate of ${authorityOf(endpoint)} with subjectAltName=${alternativeName(endpoint)}`;
      if (server === "token endpoint")
        return `${renew}, or have the control plane publish the token endpoint under ${name}.`;
      if (server === "registry") return `${renew}, or name the registry by ${name}.`;
      return `Set ${addressSetting(server, reader)} to ${name}.`;
    },
    next: showCertificate,
  }),
  "tls-not-valid-now": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint}, or that of its CA, has expired or is not valid yet`,
    fix: () => "Renew the certificate that why names; if `date -u` is wrong on this machine, correct its clock.",
    next: showCertificate,
  }),
  "tls-certificate-unusable": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint}, or that of its CA, breaks a rule for certificates`,
    fix: ({ endpoint }) =>
      `Renew the certificate of ${authorityOf(endpoint)} without what why names (key usage, path length, revocation, signature).`,
    next: showCertificate,
  }),
  "tls-expires-soon": entry<At & { days: number }>({
    exit,
    what: ({ endpoint, days }) => `the certificate of ${endpoint} expires in ${days} days`,
    fix: () =>
      "Renew the certificate before then, or builds stop; if cert-manager issues it: kubectl get certificates --all-namespaces.",
    next: showCertificate,
  }),
  "tls-client-certificate": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `${endpoint} requires a client certificate (mutual TLS)`,
    fix: ({ endpoint }) =>
      `Have the gateway at ${authorityOf(endpoint)} accept clients without a certificate (Istio: tls.mode SIMPLE, nginx: ssl_verify_client off or optional); neither this program nor the flyte CLI can send one.`,
    next: showCertificate,
  }),
  "tls-handshake-failed": entry<TlsAt & { alert?: number }>({
    exit,
    what: ({ endpoint, alert }) => {
      const means = alert === undefined ? undefined : tlsAlerts[alert]?.means;
      return means === undefined
        ? `the TLS handshake with ${endpoint} failed`
        : `${endpoint} ended the TLS handshake: ${means}`;
    },
    fix: ({ endpoint, server, alert = 0 }, reader) =>
      (tlsAlerts[alert]?.fix ?? fixOtherHandshake)({
        authority: authorityOf(endpoint),
        host: hostOf(endpoint),
        address: addressSetting(server, reader),
      }),
    next: showCertificate,
  }),
  "tls-not-spoken": entry<TlsAt>({
    exit,
    what: ({ endpoint }) => `${endpoint} answers a TLS handshake with something other than TLS`,
    fix: ({ server, endpoint }, reader) => {
      if (server === "token endpoint") {
        return `Have the control plane publish the token endpoint as http:// if ${authorityOf(endpoint)} is a plain HTTP port, else with the port for TLS.`;
      }
      const { setting } = reader;
      if (server === "registry") {
        return `Add ${authorityOf(endpoint)} to ${setting("registry.insecureHosts")} if this is a plain HTTP port, else correct the port.`;
      }
      return server === "proxy"
        ? `Set ${setting("controlPlane.proxy")} to the http:// URL of the proxy if it is a plain HTTP port, else correct the port.`
        : `Set ${setting("controlPlane.insecure")} to true if this is a plain HTTP port, else correct the port.`;
    },
    next: curl,
  }),
  "tls-expected": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} requires TLS, but the connection is plain HTTP`,
    fix: (_args, { setting }) =>
      `Set ${setting("controlPlane.insecure")} to false, or give the endpoint as https:// or dns:///.`,
    next: ({ endpoint }, reader) => curl({ endpoint: endpoint.replace(/^http:/, "https:") }, reader),
  }),
} as const;

/** What says where a server is, in words. */
function addressSetting(server: TlsServer | undefined, { setting }: Reader): string {
  if (server === "token endpoint") return "the token endpoint that the control plane publishes";
  if (server === "registry") return "the reference of the image";
  return setting(server === "proxy" ? "controlPlane.proxy" : "controlPlane.endpoint");
}

function trustFix({ chart, setting }: Reader, what: string): string {
  const { caBundle, namespace } = chart ?? {};
  if (caBundle) {
    return `Put the PEM file of ${what} into key ${caBundle.key} of ${caBundle.kind} ${namespace}/${caBundle.name}.`;
  }
  if (chart) {
    return `Create a ConfigMap with the PEM file of ${what} under key ca.crt, and set ${setting("controlPlane.caFile")}.configMap to its name.`;
  }
  return `Set ${setting("controlPlane.caFile")} to the PEM file of ${what}.`;
}

function alternativeName(endpoint: string): string {
  const address = ipAddressOf(endpoint);
  return address === undefined ? `DNS:${hostOf(endpoint)}` : `IP:${address}`;
}
