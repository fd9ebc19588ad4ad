import net from "node:net";
import type { Address } from "./address.ts";

/**
 * Opens a TCP connection without a proxy.
 * @throws Node's own errors with their codes (ENOTFOUND, ECONNREFUSED, …), the signal's reason
 */
export function connectTcp({ hostname, port }: Address, signal: AbortSignal): Promise<net.Socket> {
  return waitForEvent(net.connect({ host: hostname, port }), "connect", signal);
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
