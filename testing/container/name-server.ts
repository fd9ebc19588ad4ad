import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A name server of this machine. */
interface NameServer extends AsyncDisposable {
  address: string;
}

/**
 * Answers every question for an IPv4 address with the one given, and knows of no other records. It has the only port that
 * a resolv.conf can name, 53, at a loopback address of its own.
 */
export async function startNameServer(answer: string): Promise<NameServer> {
  const random = () => 1 + Math.floor(Math.random() * 250);
  const address = `127.${random()}.${random()}.${random()}`;
  const socket = createSocket("udp4");
  socket.on("message", (query, asker) => {
    // After a header of 12 bytes: the name, which a zero ends, its type and its class.
    const end = query.indexOf(0, 12) + 5;
    const isAddress = query.readUInt16BE(end - 4) === 1;
    const header = Buffer.from(query.subarray(0, 12));
    // An answer, recursion available, no error; one question, so many answers, nothing else.
    [0x8180, 1, Number(isAddress), 0, 0].forEach((word, index) => {
      header.writeUInt16BE(word, 2 + 2 * index);
    });
    // The name of the question, an IPv4 address, of the Internet, for a minute, four bytes.
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split(".").map(Number)];
    const parts = [header, query.subarray(12, end), Buffer.from(isAddress ? record : [])];
    socket.send(Buffer.concat(parts), asker.port, asker.address);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  return {
    address,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}
