import { shellQuote } from "../shell-quote.ts";
import { type At, curl, entry, exitCodes, typedUrl } from "./code-entry.ts";
import { authorityOf, hostOf } from "./endpoint-texts.ts";
import { type GatewaySource, gatewayFix } from "./gateway-fixes.ts";

const exit = exitCodes.controlPlane;

interface ProxyAt extends At {
  /** `http://proxy:3128` */
  proxy: string;
}

/** What stands between this program and the control plane, and answers in its place. */
export const gatewayCodes = {
  "gateway-answered": entry<At & { status: number; source?: GatewaySource | undefined }>({
    exit,
    what: ({ endpoint, status }) =>
      `something in front of the control plane at ${endpoint} (gateway, load balancer, WAF, login) answers in its place: HTTP ${status}`,
    fix: ({ source, endpoint }, reader) => gatewayFix(source, endpoint, reader),
    next: curl,
  }),
  "control-plane-redirects": entry<At & { location: string; isApi: boolean }>({
    exit,
    what: ({ endpoint, location }) => `${endpoint} redirects requests to ${location}`,
    fix: ({ location, isApi }, { setting }) =>
      isApi === true
        ? `Set ${setting("controlPlane.endpoint")} to ${shellQuote(location)}.`
        : `Exempt the paths /flyteidl2.* from the redirection to ${shellQuote(location)} (a login page?), or set ${setting("controlPlane.endpoint")} to the address of the API.`,
    next: curl,
  }),
  "control-plane-grpc-only": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} speaks gRPC and not the Connect protocol`,
    fix: (_args, { setting }) =>
      `Set ${setting("controlPlane.endpoint")} to the control plane's Connect port (in a cluster of Union's control plane, port 83 of Service executions; its ports 80 and those of flyteadmin are others), or have the gateway pass requests on to it as HTTP and not as gRPC.`,
    next: curl,
  }),
  "proxy-failed": entry<ProxyAt>({
    exit,
    transient: true,
    what: ({ proxy, endpoint }) => `the proxy ${proxy} does not connect to ${endpoint}`,
    fix: ({ endpoint }, { setting }) =>
      `Give the proxy a route to ${authorityOf(endpoint)}, correct ${setting("controlPlane.proxy")}, or set ${setting("controlPlane.noProxy")} to reach it directly.`,
    next: curlThrough,
  }),
  "proxy-login-required": entry<ProxyAt & { sent: boolean; schemes: string }>({
    exit,
    what: ({ proxy, sent }) =>
      sent === true
        ? `the proxy ${proxy} rejects the user name and password`
        : `the proxy ${proxy} requires a user name and password`,
    fix: ({ proxy, schemes, endpoint }, { chart, setting }) =>
      /\bbasic\b|^$|^</.test(schemes)
        ? // The chart keeps its value in a ConfigMap; the variable overrides it.
          `Put user name and password into ${chart ? `REGISTRAR_CONTROL_PLANE_PROXY, from a Secret in ${setting("extraEnv")}` : setting("controlPlane.proxy")}: ${withCredentials(proxy)}, special characters percent-encoded (@ is %40).`
        : `Allow ${hostOf(endpoint)} at the proxy without a login, or Basic authentication with user name and password in ${setting("controlPlane.proxy")}: the proxy offers only ${schemes}.`,
    next: ({ proxy, endpoint }, { probe }) =>
      probe("curl", `-sv --max-time 10 --proxy ${shellQuote(proxy)} --proxy-user '<user>' ${typedUrl(endpoint)}`),
  }),
  "proxy-refused": entry<ProxyAt & { status: number }>({
    exit,
    what: ({ proxy, endpoint, status }) => `the proxy ${proxy} refuses to connect to ${endpoint}: HTTP ${status}`,
    fix: ({ endpoint, status }, { setting }) =>
      [400, 404, 405, 501].includes(status)
        ? `Correct host and port of ${setting("controlPlane.proxy")}: what answers there takes no CONNECT, so it is no forward proxy.`
        : `Allow CONNECT to ${authorityOf(endpoint)} at the proxy, or set ${setting("controlPlane.noProxy")} to reach it directly.`,
    next: curlThrough,
  }),
} as const;

function curlThrough({ proxy, endpoint }: ProxyAt, { probe }: Parameters<typeof curl>[1]): string {
  return probe("curl", `-sv --max-time 10 --proxy ${shellQuote(proxy)} ${typedUrl(endpoint)}`);
}

function withCredentials(proxy: string): string {
  const [, scheme = "", host = ""] = /^(\w+:\/\/)?(.*)$/s.exec(proxy) ?? [];
  return `${scheme}<user>:<password>@${shellQuote(host)}`;
}
