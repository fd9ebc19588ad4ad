/** A host and a port: apart, as sockets and certificates take them, and together, as they are written. */
export interface Address {
  /** `union.example.com`, `10.0.0.1` or `::1`: an IPv6 address has no brackets. */
  hostname: string;
  port: number;
  /** `union.example.com:443` or `[::1]:443` */
  authority: string;
}

/** The address in a URL; without a port in it, the port is 80 for http and 443 for anything else. */
export function addressOf({ hostname, port, protocol }: URL): Address {
  const number = Number(port || (protocol === "http:" ? 80 : 443));
  return { hostname: hostname.replace(/^\[|\]$/g, ""), port: number, authority: `${hostname}:${number}` };
}
