import type { NameAnswer } from "../../container/name-server.ts";

/** The only address of the lab's machine: of its name server and its registries. */
export const labAddress = "10.98.0.1";

/**
 * Networks whose packets come back to this machine, which has none of their addresses: it drops them, as a security group, or a
 * route to nowhere, does. (The kernel needs no device of its own for that.)
 */
const blackHoles = { private: "10.99.0.0/16", public: "203.0.113.0/24" };

/** To be run as root in namespaces of network and mounts of their own. */
export const setUpNetwork = [
  "ip link set lo up",
  `ip address add ${labAddress}/32 dev lo`,
  ...Object.values(blackHoles).map((network) => `ip route add ${network} dev lo src ${labAddress}`),
].join("\n");

/** What is not in one of the networks has no route at all. */
const addresses: Readonly<Record<string, string>> = {
  "hole-private.test": "10.99.0.1",
  "mirrored-hole-private.test": "10.99.0.2",
  "hole-public.test": "203.0.113.1",
  "no-route.test": "192.0.2.1",
};

const unknownNames = ["unknown-name.test", "mirrored-unknown.test"];

/** The lab's zone: each name in `.test` is a registry, apart from those that are not. */
export function lookUpInLab(name: string): NameAnswer {
  if (name === "broken-dns.test") return { kind: "broken" };
  if (name === "silent-dns.test") return { kind: "silence" };
  if (!name.endsWith(".test") || unknownNames.includes(name)) return { kind: "no such name" };
  return addresses[name] ?? labAddress;
}
