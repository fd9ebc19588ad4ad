import net from "node:net";
import type { Address } from "./address.ts";

/**
 * The addresses under which clouds give the credentials of a machine or a pod to whoever asks there: all of IPv4's link-local ones, of
 * which nearly every cloud has some (AWS also for ECS and EKS), those of Alibaba and Azure, and those of AWS, Google and Oracle in IPv6.
 * This program has no identity in a cloud, so a name, a redirect or a URL that leads there is somebody's trick.
 */
const metadataServices = new net.BlockList();
metadataServices.addSubnet("169.254.0.0", 16);
metadataServices.addSubnet("64:ff9b::169.254.0.0", 112, "ipv6");
for (const address of ["100.100.100.200", "168.63.129.16"]) {
  metadataServices.addAddress(address);
  // What NAT64 makes of it (RFC 6052).
  metadataServices.addAddress(`64:ff9b::${address}`, "ipv6");
}
for (const address of ["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe"])
  metadataServices.addAddress(address, "ipv6");

/**
 * Opens a TCP connection without a proxy, but none to a metadata service of a cloud (ERR_IP_BLOCKED).
 * @throws Node's own errors with their codes (ENOTFOUND, ECONNREFUSED, …), the signal's reason
 */
export function connectTcp({ hostname, port }: Address, signal: AbortSignal): Promise<net.Socket> {
  return waitForEvent(net.connect({ host: hostname, port, blockList: metadataServices }), "connect", signal);
}

/** Waits for a socket's event; the socket's error and the signal end the wait and close the socket. */
export function waitForEvent<S extends net.Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  const abort = () => fail(signal.reason);
  const reportClose = () => fail(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
  const fail = (reason: unknown) => {
    stopWaiting();
    socket.destroy();
    reject(reason);
  };
  const succeed = () => {
    stopWaiting();
    resolve(socket);
  };
  const stopWaiting = () => {
    socket.off(event, succeed).off("error", fail).off("close", reportClose);
    signal.removeEventListener("abort", abort);
  };
  // An unhandled error would end the program: one after the first, or before the socket's first use.
  socket.on("error", () => {});
  socket.on(event, succeed).on("error", fail).on("close", reportClose);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort);
  return promise;
}
