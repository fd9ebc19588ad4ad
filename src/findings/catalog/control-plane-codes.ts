import net from "node:net";
import { type At, curl, entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.controlPlane;

/** The way to the control plane and what it answers. */
export const controlPlaneErrors = {
  "control-plane-name-unknown": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the host name of ${endpoint} does not resolve`,
    fix: () =>
      "Correct controlPlane.endpoint, or the DNS that the pod uses (dnsPolicy, CoreDNS forwarders, private zones).",
    next: ({ endpoint }) => `getent hosts ${hostOf(endpoint)}`,
  }),
  "control-plane-refused": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} refuses connections: nothing listens there`,
    fix: () => "Start the control plane, or correct host and port of controlPlane.endpoint.",
    next: curl,
  }),
  "control-plane-timeout": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} did not answer in time`,
    fix: ({ endpoint }) =>
      `Allow egress to ${authorityOf(endpoint)} (NetworkPolicy, security group, firewall); where a proxy is the way out, set controlPlane.proxy.`,
    next: curl,
  }),
  "control-plane-reset": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the connection to ${endpoint} broke before the answer was whole`,
    fix: ({ endpoint }) =>
      `Run it again; where it breaks each time, raise the time-outs of what stands before ${authorityOf(endpoint)} (load balancer, proxy), or set controlPlane.noProxy.`,
    next: curl,
  }),
  "control-plane-unavailable": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} answers that the control plane is not available`,
    fix: () => "Start the control plane's pods, or wait for them: registrar check --wait 5m ends when they answer.",
    next: () => "kubectl get pods --namespace <namespace of the control plane>",
  }),
  "control-plane-failed": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the control plane at ${endpoint} failed to answer a request`,
    fix: () => "Read the control plane's own log at the time of this run (kubectl logs), and run it again.",
    next: () => "kubectl logs --namespace <namespace of the control plane> deployment/<its API server> --since=10m",
  }),
  "control-plane-rejected": entry<At & { request: string }>({
    exit,
    what: ({ endpoint, request }) => `the control plane at ${endpoint} refuses as invalid the request to ${request}`,
    fix: () => "Correct task.project, task.domain and controlPlane.org to what exists on this control plane (see why).",
    next: () => "registrar status --config <file>",
  }),
  "control-plane-not-spoken": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} answers, but not as a Flyte 2 control plane does`,
    fix: () => "Point controlPlane.endpoint at the API and not at a console, a log-in page or a proxy in front of it.",
    next: curl,
  }),
  "tls-untrusted": entry<At>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is signed by an authority that is not trusted here`,
    fix: () => "Set controlPlane.caFile (caBundle in the chart) to the PEM file of that authority.",
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-self-signed": entry<At>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is self-signed, so nothing vouches for it`,
    fix: () => "Set controlPlane.caFile (caBundle in the chart) to a PEM file of this very certificate.",
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-without-names": entry<At>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} has no subject alternative names`,
    fix: ({ endpoint }) => `Renew the certificate with subjectAltName=${subjectAltName(hostOf(endpoint))}.`,
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-wrong-host": entry<At & { names?: string }>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} is for another host name`,
    fix: ({ names }) =>
      `Set controlPlane.endpoint to a name of the certificate${names ? ` (${names})` : ""}; for a control plane in the same cluster the chart's controlPlane.endpoint goes before the data plane's host.`,
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-not-valid-now": entry<At>({
    exit,
    what: ({ endpoint }) => `the certificate of ${endpoint} has expired or is not valid yet`,
    fix: () => "Renew the certificate; or, where `date -u` here is wrong, set this machine's clock right.",
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-expires-soon": entry<At & { days: number }>({
    exit,
    what: ({ endpoint, days }) => `the certificate of ${endpoint} expires in ${days} days`,
    fix: () =>
      "Renew the certificate before then, or builds stop; where cert-manager should do it: kubectl get certificates --all-namespaces.",
    next: ({ endpoint }) => showCertificate(endpoint),
  }),
  "tls-not-spoken": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} does not speak TLS as expected`,
    fix: () => "Set controlPlane.insecure to true if this is a plain HTTP port, else correct the port.",
    next: curl,
  }),
  "tls-expected": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} expects TLS, but plain HTTP was spoken`,
    fix: () => "Set controlPlane.insecure to false, or write the endpoint with https:// or dns:///.",
    next: ({ endpoint }) => curl({ endpoint: endpoint.replace(/^http:/, "https:") }),
  }),
  "proxy-failed": entry<At & { proxy: string }>({
    exit,
    transient: true,
    what: ({ proxy, endpoint }) => `the proxy ${proxy} does not connect to ${endpoint}`,
    fix: () =>
      "Allow the control plane's host at the proxy, or set controlPlane.noProxy (NO_PROXY) to reach it directly.",
    next: ({ proxy, endpoint }) => `curl -sv --max-time 10 --proxy ${proxy} ${endpoint}/`,
  }),
} as const;

/** `union.example.com` or `::1`, without the brackets that an IPv6 address has in a URL. */
function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.hostname.replace(/^\[|\]$/g, "") ?? endpoint;
}

function subjectAltName(host: string): string {
  return `${net.isIP(host) === 0 ? "DNS" : "IP"}:${host}`;
}

/** `union.example.com:443` or `[::1]:443` */
function authorityOf(endpoint: string): string {
  const url = URL.parse(endpoint);
  return url ? `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}` : endpoint;
}

function showCertificate(endpoint: string): string {
  const url = URL.parse(endpoint);
  const host = hostOf(endpoint);
  // A server name (SNI) is never an IP address.
  const serverName = net.isIP(host) === 0 ? ` -servername ${host}` : "";
  return `openssl s_client -connect ${url?.hostname ?? endpoint}:${url?.port || "443"}${serverName} -showcerts </dev/null`;
}
