import net from "node:net";

/** Where an address leads: to this machine or link, into a private network, to Google's own addresses, or out. */
export type AddressKind = "local" | "private" | "google" | "public";

/** An address of a name, and what it says. */
export interface JudgedAddress {
  /** As the lookup gave it. */
  address: string;
  /** The IPv4 address inside of a mapped or NAT64 address, else the address. */
  effective: string;
  /** Whether a NAT64 gateway translates it (64:ff9b::/96, RFC 6052). */
  isNat64: boolean;
  /** An address within the given CIDR blocks is private, whatever it is. */
  kind: AddressKind;
}

type Subnet = readonly [network: string, length: number];

/** RFC 1122, 3.2.1.3; RFC 3927; RFC 4291, 2.5: they lead nowhere else. DNS filters answer with the first. */
const localSubnets: readonly Subnet[] = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["::", 128],
  ["::1", 128],
  ["fe80::", 10],
];
/** RFC 1918, RFC 6598 (pods on EKS), RFC 4193. */
const privateSubnets: readonly Subnet[] = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["fc00::", 7],
];
/**
 * Of restricted.googleapis.com and private.googleapis.com, which are reached from inside Google's network only.
 * Source: https://cloud.google.com/vpc/docs/configure-private-google-access#domain-options
 */
const googleSubnets: readonly Subnet[] = [
  ["199.36.153.4", 30],
  ["199.36.153.8", 30],
  ["2600:2d00:2:1000::", 64],
  ["2600:2d00:2:2000::", 64],
];

const local = blockListOf(localSubnets);
const google = blockListOf(googleSubnets);
const inPrivateNetworks = blockListOf(privateSubnets);

/**
 * Says where an address leads. Mapped (`::ffff:10.0.0.1`) and NAT64 addresses are those that they contain. An IPv6 address of a
 * cloud's private network is global unicast, so only `cidrs` tell it from a public one.
 * @param address as a lookup gives it; a zone (`%eth0`) is ignored
 * @param cidrs further blocks that are private: `10.0.0.0/16`, `2600:1f14::/56`
 * @throws {TypeError} if the text is no IP address
 */
export function judgeAddress(address: string, cidrs: readonly string[]): JudgedAddress {
  const { effective, isNat64 } = unwrap(address);
  return { address, effective, isNat64, kind: kindOf(effective, blockListOf(cidrs.map(parseCidr))) };
}

/** The IP address in an address with a port: `10.0.0.1:443`, `[::1]:443`; without a port, the address itself. */
export function addressHost(address: string): string {
  return net.isIP(address) === 0 ? address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "") : address;
}

function kindOf(address: string, given: net.BlockList): AddressKind {
  const family = net.isIPv6(address) ? "ipv6" : "ipv4";
  if (given.check(address, family)) return "private";
  if (local.check(address, family)) return "local";
  if (inPrivateNetworks.check(address, family)) return "private";
  return google.check(address, family) ? "google" : "public";
}

/** The address without its wrapping, in whatever form it is written: `64:ff9b::a00:1` and `64:FF9B:0::10.0.0.1` are one. */
function unwrap(text: string): { effective: string; isNat64: boolean } {
  const address = text.replace(/%.*$/, "");
  if (net.isIPv4(address)) return { effective: address, isNat64: false };
  if (!net.isIPv6(address)) throw new TypeError(`${text} is no IP address`);
  const groups = groupsOf(address);
  const head = groups.slice(0, 6).join(":");
  const isNat64 = head === nat64Head;
  if (!isNat64 && head !== mappedHead) return { effective: address, isNat64 };
  const [high = 0, low = 0] = groups.slice(6);
  return { effective: [high >> 8, high & 0xff, low >> 8, low & 0xff].join("."), isNat64 };
}

/** The first 96 bits as groups in decimal. */
const nat64Head = [0x64, 0xff9b, 0, 0, 0, 0].join(":");
const mappedHead = [0, 0, 0, 0, 0, 0xffff].join(":");

/** The eight groups of a valid IPv6 address, whose last two may be written as IPv4. */
function groupsOf(address: string): number[] {
  const [front = [], back] = address.split("::").map(partsOf);
  if (back === undefined) return front;
  return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function partsOf(text: string): number[] {
  return text
    .split(":")
    .filter((part) => part !== "")
    .flatMap((part) => {
      if (!part.includes(".")) return Number.parseInt(part, 16);
      const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
      return [(a << 8) | b, (c << 8) | d];
    });
}

function parseCidr(text: string): Subnet {
  const [network = "", length] = text.split("/");
  return [network, Number(length)];
}

function blockListOf(subnets: readonly Subnet[]): net.BlockList {
  const list = new net.BlockList();
  for (const [network, length] of subnets) list.addSubnet(network, length, net.isIPv6(network) ? "ipv6" : "ipv4");
  return list;
}
