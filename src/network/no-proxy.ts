import net from "node:net";
import type { Address } from "./address.ts";

/**
 * Whether a host is reached without the proxy, by the rules for NO_PROXY that curl and the flyte CLI's HTTP library
 * share: `*`, an address or a range of them (`10.0.0.0/8`, `fd00::/8`), or a host name, which covers all names below it
 * (with or without a leading dot). Each may have a port, an IPv6 address then in brackets (`[::1]:443`).
 */
export function bypassesProxy({ hostname, port }: Pick<Address, "hostname" | "port">, noProxy: string): boolean {
  const rules = noProxy.split(/[\s,]+/).filter((rule) => rule !== "");
  const covers = net.isIP(hostname) === 0 ? coversName : coversAddress;
  return rules.some((rule) => rule === "*" || covers(rule, hostname, port));
}

function coversName(rule: string, hostname: string, port: number): boolean {
  const [, name = "", portOfRule] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
  const domain = name.replace(/^\*?\./, "");
  const isBelow = hostname === domain || hostname.endsWith(`.${domain}`);
  return isBelow && (portOfRule === undefined || Number(portOfRule) === port);
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
