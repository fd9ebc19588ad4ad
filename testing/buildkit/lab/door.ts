import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { type Address, addressOf } from "../../../src/network/address.ts";

/** A port on loopback that leads into a network namespace. */
export interface Door extends AsyncDisposable {
  address: Address;
}

/** Leads from a port of this machine to a socket at a path: a path leads into a network namespace, and an address does not. */
export async function openDoor(path: string): Promise<Door> {
  const server = net.createServer((outside) => join(outside, net.connect(path)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: addressOf(new URL(`tcp://127.0.0.1:${port}`)),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Leads from a socket at a path to a port of this machine. */
export async function openDoorInto(path: string, port: number): Promise<AsyncDisposable> {
  const server = net.createServer((inside) => join(inside, net.connect(port, "127.0.0.1")));
  server.listen(path);
  await once(server, "listening");
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

/** Makes one connection of two. */
export function join(one: net.Socket, other: net.Socket): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}
