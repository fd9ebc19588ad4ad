import { once } from "node:events";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { openBuildkit } from "../../src/buildkit/ask-buildkit.ts";
import { callUnary, frame, grpcHeaders, receiveMessages } from "../../src/buildkit/grpc.ts";
import { encodeString } from "../../src/buildkit/messages.ts";
import { addressOf } from "../../src/network/address.ts";
import { systemClock } from "../../src/system/clock.ts";
import { openSessionClient, type SessionClient } from "../../testing/buildkit/stand-in/session-client.ts";

/** A buildkitd that opens the session of whoever connects, and then asks what a test has it ask. */
async function startAsking() {
  const { promise: opened, resolve } = Promise.withResolvers<SessionClient>();
  const server = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  let mayPush = true;
  server.on("session", (session) => sessions.add(session.on("error", () => {})));
  server.on("stream", (stream: http2.ServerHttp2Stream, headers) => {
    mayPush = stream.pushAllowed;
    stream.on("error", () => {});
    if (headers[":path"] !== "/moby.buildkit.v1.Control/Session") return;
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    resolve(openSessionClient(stream));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = addressOf(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const findLogin = () => ({ username: "builder", password: "open sesame" });
  const buildkit = await openBuildkit(address, { clock: systemClock, signal: AbortSignal.timeout(10_000), findLogin });
  return {
    session: await opened,
    mayPush: () => mayPush,
    breakOff: () => {
      for (const session of sessions) session.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      buildkit.close();
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

/** Begins a call of the session, and does not end it. */
function beginCall({ connection }: SessionClient): http2.ClientHttp2Stream {
  const call = connection.request({ ...grpcHeaders, ":path": "/moby.filesync.v1.Auth/Credentials" });
  return call.on("error", () => {});
}

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

  it("that breaks off in the middle of a question about credentials does not end the program", async () => {
    await using hostile = await startAsking();
    // What nothing listens to ends the run of the tests.
    const calls = [beginCall(hostile.session), beginCall(hostile.session)];
    for (const call of calls) call.write(frame(encodeString(1, "docker.io")));
    expect(await hostile.session.askForLogin("docker.io")).toMatchObject({ username: "builder" });
    hostile.breakOff();
    await Promise.all(calls.map(async (call) => call.closed || once(call, "close")));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("may push nothing", async () => {
    await using hostile = await startAsking();
    expect(hostile.mayPush()).toBe(false);
  });

  it("that asks about a host without end, or many at a time, gets no answer", async () => {
    await using hostile = await startAsking();
    const { session } = hostile;
    expect(await session.statusOf("/grpc.health.v1.Health/Check")).toBe(0);
    expect(session.connection.remoteSettings).toMatchObject({ maxConcurrentStreams: 4 });
    await expect(session.askForLogin("a".repeat(4_097))).rejects.toThrow();
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
