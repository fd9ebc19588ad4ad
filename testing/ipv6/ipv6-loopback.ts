import { networkInterfaces } from "node:os";

/** Whether this machine has `::1`; the tests that need it are skipped with this as the reason. */
export function hasIpv6Loopback(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.some(({ address }) => address === "::1");
}
