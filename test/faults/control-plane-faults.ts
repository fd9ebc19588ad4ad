import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { type ProxyOptions, startProxy } from "../../testing/proxy/connect-proxy.ts";
import type { Fault } from "./fault.ts";
import { openServer } from "./worlds.ts";

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

const setEndpoint = (world: HealthyWorld, endpoint: string) => Object.assign(world.settings.controlPlane, { endpoint });

/** Points the world at a server of its own. */
async function serve(world: HealthyWorld, stack: AsyncDisposableStack, server: net.Server, scheme: string) {
  setEndpoint(world, `${scheme}://${await openServer(stack, server)}`);
}

const unrecognizedName = 112;

/** A server that answers whatever it gets with a TLS alert. */
const alerting = (alert: number) =>
  net.createServer((socket) => socket.once("data", () => socket.end(Uint8Array.of(21, 3, 3, 0, 2, 2, alert))));

const through = (proxy: string) => (world: HealthyWorld) => Object.assign(world.settings.controlPlane, { proxy });
const throughOwn = (options: ProxyOptions) => async (world: HealthyWorld, stack: AsyncDisposableStack) =>
  through(stack.use(await startProxy(options)).url)(world);

/** What is wrong on the way to the control plane, or with it. */
export const controlPlaneFaults: readonly Fault[] = [
  {
    fault: "the name does not resolve",
    code: "control-plane-name-unknown",
    inject: (world) => setEndpoint(world, "https://union.invalid"),
  },
  {
    fault: "nothing listens on its port",
    code: "control-plane-refused",
    inject: (world) => world.plane.setFault({ kind: "refused" }),
  },
  {
    fault: "a firewall drops its packets",
    code: "control-plane-timeout",
    inject: async (world, stack) => setEndpoint(world, `https://${stack.use(await openBlackHole()).address}`),
  },
  {
    fault: "a server accepts connections and never answers",
    code: "control-plane-timeout",
    inject: (world, stack) => serve(world, stack, net.createServer(), "https"),
  },
  {
    fault: "the server does not speak TLS",
    code: "tls-not-spoken",
    inject: async (world, stack) => {
      const { url } = stack.use(await startControlPlane());
      setEndpoint(world, url.replace("http:", "https:"));
    },
  },
  {
    fault: "the server speaks TLS and the settings say insecure",
    code: "tls-expected",
    inject: (world) => {
      setEndpoint(world, world.plane.url.replace("https:", "http:"));
      delete world.settings.controlPlane["auth"];
    },
  },
  {
    fault: "a gateway ends the TLS handshake and the settings say insecure",
    code: "tls-expected",
    inject: (world, stack) => {
      delete world.settings.controlPlane["auth"];
      return serve(world, stack, alerting(unrecognizedName), "http");
    },
  },
  {
    fault: "the CA is not trusted",
    code: "tls-untrusted",
    inject: (world) => {
      delete world.settings.controlPlane["caFile"];
    },
  },
  {
    fault: "the certificate is self-signed",
    code: "tls-self-signed",
    world: { certificate: { selfSigned: true } },
  },
  {
    fault: "the certificate has only a common name",
    code: "tls-without-names",
    world: { certificate: { dnsNames: [], ipAddresses: [] } },
  },
  {
    fault: "the certificate is for another host",
    code: "tls-wrong-host",
    world: { certificate: { dnsNames: ["union.example.com"], ipAddresses: [] } },
  },
  {
    fault: "the server forgets its intermediate CA",
    code: "tls-chain-incomplete",
    inject: async (world, stack) => {
      const root = await createAuthority("Acme/Acme Root CA");
      const tls = await (await root.issueAuthority("Acme/Acme Issuing CA 1")).issue({ isAlone: true });
      setEndpoint(world, stack.use(await startControlPlane({ tls })).url);
      await world.write("ca.crt", root.certificatePem);
    },
  },
  {
    fault: "the certificate is for clients only",
    code: "tls-certificate-unusable",
    world: { certificate: { usage: "clientAuth" } },
  },
  {
    fault: "the gateway requires a client certificate",
    code: "tls-client-certificate",
    inject: async (world, stack) => {
      const { certificatePem, keyPem } = await world.authority.issue({ notAfter: inDays(99) });
      const mutual = { cert: certificatePem, key: keyPem, requestCert: true, rejectUnauthorized: true };
      await serve(world, stack, tls.createServer(mutual), "https");
    },
  },
  {
    fault: "the gateway serves no host of this name",
    code: "tls-handshake-failed",
    inject: (world, stack) => serve(world, stack, alerting(unrecognizedName), "https"),
  },
  {
    fault: "the certificate has expired",
    code: "tls-not-valid-now",
    world: { certificate: { notBefore: inDays(-9), notAfter: inDays(-2) } },
  },
  {
    fault: "the certificate is not valid yet",
    code: "tls-not-valid-now",
    world: { certificate: { notBefore: inDays(2), notAfter: inDays(9) } },
  },
  {
    fault: "the certificate expires soon",
    code: "tls-expires-soon",
    severity: "warning",
    world: { certificate: { notAfter: inDays(3) } },
  },
  {
    fault: "a login page answers",
    code: "control-plane-not-spoken",
    inject: (world) => world.plane.setFault({ kind: "login-page" }),
  },
  {
    fault: "a web server answers",
    code: "control-plane-not-spoken",
    inject: (world, stack) => {
      delete world.settings.controlPlane["auth"];
      return serve(
        world,
        stack,
        http.createServer((_, response) => response.writeHead(404).end("no")),
        "http",
      );
    },
  },
  {
    fault: "a reverse proxy cannot reach it",
    code: "control-plane-unavailable",
    inject: (world) => world.plane.setFault({ kind: "bad-gateway" }),
  },
  {
    fault: "it has no healthy upstream",
    code: "control-plane-unavailable",
    inject: (world) => world.plane.setFault({ kind: "unavailable" }),
  },
  {
    fault: "it limits the rate of requests",
    code: "control-plane-unavailable",
    inject: (world) => world.plane.setFault({ kind: "too-many-requests" }),
  },
  {
    fault: "its database is away",
    code: "control-plane-failed",
    inject: (world) => world.plane.setFault({ kind: "database-away" }),
  },
  {
    fault: "it resets connections",
    code: "control-plane-reset",
    inject: (world) => world.plane.setFault({ kind: "reset" }),
  },
  {
    fault: "it accepts requests and never answers",
    code: "control-plane-timeout",
    inject: (world) => world.plane.setFault({ kind: "hang" }),
  },
  {
    fault: "a WAF in front of it blocks requests",
    code: "gateway-answered",
    inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "cloudflare-blocked" }),
  },
  {
    fault: "a load balancer in front of it speaks another protocol",
    code: "gateway-answered",
    inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "alb-protocol" }),
  },
  {
    fault: "the ingress in front of it requires a login of its own",
    code: "gateway-answered",
    inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "nginx-basic" }),
  },
  {
    fault: "a WAF in front of it blocks registrations only",
    code: "gateway-answered",
    inject: (world) =>
      world.plane.setFault({ kind: "gateway", gateway: "alb-waf", methods: ["TaskService/DeployTask"] }),
  },
  {
    fault: "an authenticating proxy in front of it redirects to its login",
    code: "control-plane-redirects",
    inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "oauth2-proxy-redirect" }),
  },
  {
    fault: "an ingress passes requests on to its gRPC port",
    code: "control-plane-grpc-only",
    inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "grpc-go" }),
  },
  ...[["check"], ["verify"], ["register"], ["status"]].flatMap(([name = ""]): Fault[] => [
    {
      fault: `its port speaks HTTP/2 without TLS only, at ${name}`,
      code: "control-plane-grpc-only",
      command: [name],
      world: { isPlain: true },
      inject: (world, stack) => serve(world, stack, http2.createServer(), "http"),
    },
    {
      fault: `its port redirects plain HTTP to https, at ${name}`,
      code: "tls-expected",
      command: [name],
      world: { isPlain: true },
      inject: (world) => world.plane.setFault({ kind: "gateway", gateway: "nginx-to-https" }),
    },
  ]),
  { fault: "the proxy requires a password", code: "proxy-login-required", inject: throughOwn({ username: "u" }) },
  {
    fault: "the proxy offers another login than Basic",
    code: "proxy-login-required",
    inject: throughOwn({ refuse: "windows-login" }),
  },
  { fault: "the proxy forbids the host", code: "proxy-refused", inject: throughOwn({ refuse: "squid-denied" }) },
  { fault: "a web server is given as the proxy", code: "proxy-refused", inject: throughOwn({ refuse: "no-proxy" }) },
  { fault: "the proxy cannot reach the host", code: "proxy-failed", inject: throughOwn({ refuse: "squid-refused" }) },
  {
    fault: "the certificate of the proxy is of an unknown CA",
    code: "tls-untrusted",
    inject: async (world, stack) => {
      const tls = await (await createAuthority("another CA")).issue();
      await throughOwn({ tls })(world, stack);
    },
  },
  { fault: "the proxy is down", code: "proxy-failed", inject: through("http://127.0.0.1:9") },
  {
    fault: "the name of the proxy does not resolve",
    code: "proxy-failed",
    inject: through("http://proxy.invalid:3128"),
  },
];
