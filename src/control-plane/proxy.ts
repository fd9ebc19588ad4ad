import type { Endpoint } from "../settings/endpoint.ts";

/**
 * Whether a host is reached without the proxy, by the rules that curl and the flyte CLI's HTTP library share for
 * NO_PROXY: `*`, a host name with all below it (with or without a leading dot), optionally with a port.
 */
export function bypassesProxy(endpoint: Pick<Endpoint, "host" | "port">, noProxy: string): boolean {
  const host = endpoint.host.toLowerCase();
  return noProxy
    .split(/[\s,]+/)
    .filter((rule) => rule !== "")
    .some((rule) => {
      if (rule === "*") return true;
      const [, name = "", port] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
      const domain = name.replace(/^\*?\./, "");
      return (host === domain || host.endsWith(`.${domain}`)) && (port === undefined || Number(port) === endpoint.port);
    });
}
