import { findNetworkFault, type NetworkFault } from "../network/faults.ts";

/** What to say of each network fault on the way to the API server. */
const sentences: Record<NetworkFault["kind"], (server: string) => string> = {
  "name-unknown": (server) => `the host name of the API server ${server} does not resolve`,
  refused: (server) => `the API server ${server} refuses connections`,
  "timed-out": (server) => `the API server ${server} did not answer in time`,
  unreachable: (server) => `there is no route to the API server ${server}`,
  reset: (server) => `the connection to the API server ${server} broke`,
  untrusted: (server) => `the certificate of the API server ${server} is not issued by a trusted CA`,
  "self-signed": (server) => `the certificate of the API server ${server} is self-signed and not trusted`,
  "wrong-host": (server) => `the certificate of the API server ${server} is for another host name`,
  "without-names": (server) => `the certificate of the API server ${server} has no subject alternative names`,
  "not-valid-now": (server) => `the certificate of the API server ${server} has expired or is not valid yet`,
  "incomplete-chain": (server) =>
    `the API server ${server} does not send the certificate of the CA that issued its own`,
  unusable: (server) => `the certificate of the API server ${server} breaks a rule for certificates`,
  "client-certificate": (server) => `the API server ${server} requires a client certificate`,
  handshake: (server) => `the TLS handshake with the API server ${server} failed`,
  "not-tls": (server) => `the API server ${server} does not speak TLS`,
  "not-http": (server) => `the API server ${server} does not speak HTTP`,
  proxy: (server) => `the proxy does not connect to the API server ${server}`,
};

/** The error of a request to the API server in a plain sentence; the error itself if it was not the network. */
export function apiServerFailure(error: unknown, server: string): unknown {
  const fault = findNetworkFault(error);
  if (!fault) return error;
  const sentence = sentences[fault.kind](server);
  return new Error(fault.kind === "timed-out" ? sentence : `${sentence}: ${fault.detail}`);
}
