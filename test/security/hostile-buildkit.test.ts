import { once } from "node:events";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { callUnary, frame, receiveMessages } from "../../src/buildkit/grpc.ts";

describe("a buildkit", () => {
  it.each([
    ["announces a message of 4 GB", () => Buffer.from([0, 0xff, 0xff, 0xff, 0xff])],
    ["announces one that is larger than any of its own", () => Buffer.concat([frame(Buffer.alloc(2 ** 20 + 1))])],
  ])("that %s is not waited for", async (_name, bytes) => {
    const server = http2.createServer();
    const sessions = new Set<http2.ServerHttp2Session>();
    server.on("session", (session) => sessions.add(session.on("error", () => {})));
    server.on("stream", (stream: http2.ServerHttp2Stream) => {
      stream.on("error", () => {});
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(bytes());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const call = callUnary(client, "/a/b", new Uint8Array(), AbortSignal.timeout(10_000));
      await expect(call).rejects.toThrow(/^a message of \d+ bytes/);
    } finally {
      client.destroy();
      for (const session of sessions) session.destroy();
      server.close();
    }
  });

  it("that sends message after message does not fill the memory", async () => {
    const stream = new PassThrough();
    let received = 0;
    receiveMessages(stream, () => {
      received++;
      if (received > 3) throw new Error("enough");
    });
    stream.write(Buffer.concat(Array.from({ length: 10 }, () => frame(Buffer.alloc(10)))));
    await expect(once(stream, "close")).rejects.toThrow("enough");
    expect(received).toBe(4);
  });
});
