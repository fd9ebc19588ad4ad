import net from "node:net";
import type { Endpoint } from "./endpoint.ts";

/**
 * Whether a host is reached without the proxy, by the rules that curl and the flyte CLI's HTTP library share for
 * NO_PROXY: `*`, an address or a range of them (`10.0.0.0/8`), a host name with all below it (with or without a leading
 * dot), optionally with a port.
 */
export function bypassesProxy(endpoint: Pick<Endpoint, "host" | "port">, noProxy: string): boolean {
  const host = endpoint.host.toLowerCase().replace(/^\[|\]$/g, "");
  const rules = noProxy.split(/[\s,]+/).filter((rule) => rule !== "");
  if (net.isIP(host) !== 0) return rules.some((rule) => rule === "*" || coversAddress(rule, host, endpoint.port));
  return rules.some((rule) => {
    if (rule === "*") return true;
    const [, name = "", port] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
    const domain = name.replace(/^\*?\./, "");
    return (host === domain || host.endsWith(`.${domain}`)) && (port === undefined || Number(port) === endpoint.port);
  });
}

function coversAddress(rule: string, address: string, port: number): boolean {
  const [, bracketed, plain, portOfRule] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(rule) ?? [];
  if (portOfRule !== undefined && Number(portOfRule) !== port) return false;
  const [network = "", bits] = (bracketed ?? plain ?? rule).split("/");
  const family = net.isIP(network);
  const size = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? size : /^\d+$/.test(bits) ? Number(bits) : -1;
  if (family === 0 || family !== net.isIP(address) || prefix < 0 || prefix > size) return false;
  const covered = new net.BlockList();
  covered.addSubnet(network, prefix, family === 4 ? "ipv4" : "ipv6");
  return covered.check(address, family === 4 ? "ipv4" : "ipv6");
}
