import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A name server of this machine. */
interface NameServer extends AsyncDisposable {
  address: string;
}

/** The IPv4 address of a name, or what happens to the question: the name does not exist, the server is broken, no answer at all. */
export type NameAnswer = string | { kind: "no such name" | "broken" | "silence" };

/** Codes of answers (RFC 1035, 4.1.1). */
const codes = { "no such name": 3, broken: 2 } as const;

/**
 * Answers every question for an IPv4 address with the one given, or the one of that name, and knows of no other records. It has
 * the only port that a resolv.conf can name, 53, at a loopback address of its own unless told otherwise.
 */
export async function startNameServer(
  answer: NameAnswer | ((name: string) => NameAnswer),
  address = randomLoopback(),
): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, asker) => {
    const reply = replyTo(query, typeof answer === "function" ? answer(nameIn(query)) : answer);
    if (reply) socket.send(reply, asker.port, asker.address);
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

function randomLoopback(): string {
  const random = () => 1 + Math.floor(Math.random() * 250);
  return `127.${random()}.${random()}.${random()}`;
}

/** The name follows a header of 12 bytes, each label after its length. */
function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; query[at]; at += 1 + (query[at] ?? 0)) {
    labels.push(query.toString("ascii", at + 1, at + 1 + (query[at] ?? 0)));
  }
  return labels.join(".").toLowerCase();
}

function replyTo(query: Buffer, answer: NameAnswer): Buffer | undefined {
  if (typeof answer === "object" && answer.kind === "silence") return undefined;
  // After a header of 12 bytes: the name, which a zero ends, its type and its class.
  const end = query.indexOf(0, 12) + 5;
  const hasAddress = query.readUInt16BE(end - 4) === 1 && typeof answer === "string";
  const code = typeof answer === "object" && answer.kind !== "silence" ? codes[answer.kind] : 0;
  const header = Buffer.from(query.subarray(0, 12));
  // An answer, recursion available, the code; one question, so many answers, nothing else.
  [0x8180 | code, 1, Number(hasAddress), 0, 0].forEach((word, index) => {
    header.writeUInt16BE(word, 2 + 2 * index);
  });
  // The name of the question, an IPv4 address, of the Internet, for a minute, four bytes.
  const record = hasAddress ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split(".").map(Number)] : [];
  return Buffer.concat([header, query.subarray(12, end), Buffer.from(record)]);
}
