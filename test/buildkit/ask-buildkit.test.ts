import { once } from "node:events";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { askBuildkit, openBuildkit } from "../../src/buildkit/ask-buildkit.ts";
import { type Address, addressOf } from "../../src/network/address.ts";
import { type Clock, systemClock } from "../../src/system/clock.ts";
import { deadlines } from "../../src/system/deadlines.ts";
import { startBuildkit } from "../../testing/buildkit/stand-in/stand-in.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";

const { buildkitQuestion } = deadlines;
const { signal } = new AbortController();
const options = { clock: systemClock, signal };
const reference = { host: "docker.io", repository: "library/python", tag: "3.12", digest: undefined };

/** A clock whose deadlines are over at once. */
const hurried: Clock = { ...systemClock, timeout: () => systemClock.timeout(50) };

/** A clock whose deadlines are never over. */
const patient: Clock = { ...systemClock, timeout: () => new AbortController().signal };

async function listen(server: net.Server): Promise<AsyncDisposable & { address: Address }> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: addressOf(new URL(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test("buildkit is asked for the image by its full name, for a platform, and remembers nothing of it", async () => {
  await using buildkit = await startBuildkit();
  const platform = { os: "linux", architecture: "arm64" };
  expect(await askBuildkit(buildkit.address, { reference, platform }, options)).toEqual({ kind: "available" });
  expect(buildkit.asked).toMatchObject([
    {
      identifier: "docker-image://docker.io/library/python:3.12",
      architecture: "arm64",
      attributes: {},
      isInternal: true,
    },
  ]);
  await expect.poll(() => buildkit.sessions.size).toBe(0);
});

test("a digest is part of the name", async () => {
  await using buildkit = await startBuildkit();
  const digest = `sha256:${"a".repeat(64)}`;
  await askBuildkit(buildkit.address, { reference: { ...reference, digest } }, options);
  await askBuildkit(buildkit.address, { reference: { ...reference, tag: undefined, digest } }, options);
  expect(buildkit.asked.map(({ identifier }) => identifier)).toEqual([
    `docker-image://docker.io/library/python:3.12@${digest}`,
    `docker-image://docker.io/library/python@${digest}`,
  ]);
});

test("what buildkit says is a fault", async () => {
  const message = "failed to load cache key: docker.io/library/python:3.12: not found";
  await using buildkit = await startBuildkit({ reply: () => ({ message }) });
  expect(await askBuildkit(buildkit.address, { reference }, options)).toEqual({
    kind: "missing",
    words: "docker.io/library/python:3.12: not found",
    host: "docker.io",
  });
});

test("no answer within the deadline is a fault, and buildkit is told that nobody waits any more", async () => {
  await using buildkit = await startBuildkit({ reply: () => ({ message: "", after: "never" }) });
  const clock: Clock = {
    ...systemClock,
    timeout: (milliseconds) =>
      (milliseconds === buildkitQuestion.milliseconds ? hurried : systemClock).timeout(milliseconds),
  };
  const opened = await openBuildkit(buildkit.address, { clock, signal });
  expect(await opened.ask({ reference }, signal)).toEqual({ kind: "no-answer", words: "", host: "docker.io" });
  await expect.poll(() => buildkit.waiting).toBe(0);
  opened.close();
});

test("a run that is interrupted does not wait", async () => {
  await using buildkit = await startBuildkit({ reply: () => ({ message: "", after: "never" }) });
  const interruption = new AbortController();
  const opened = await openBuildkit(buildkit.address, options);
  const asked = opened.ask({ reference }, interruption.signal);
  interruption.abort(new Error("interrupted"));
  await expect(asked).rejects.toThrow("interrupted");
  opened.close();
});

test("fifty questions share a connection and a session, which both end", async () => {
  const reply = ({ identifier }: { identifier: string }) =>
    identifier.endsWith("7") ? { message: `${identifier}: not found`, after: 5 } : { message: "" };
  await using buildkit = await startBuildkit({ reply });
  const opened = await openBuildkit(buildkit.address, options);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, tag) => opened.ask({ reference: { ...reference, tag: `${tag}` } }, signal)),
  );
  const missing = answers.flatMap(({ kind }, tag) => (kind === "missing" ? [tag] : []));
  expect(missing).toEqual([7, 17, 27, 37, 47]);
  expect(new Set(buildkit.asked.map(({ session }) => session))).toEqual(new Set(buildkit.sessions.keys()));
  expect(buildkit.sessions.size).toBe(1);
  opened.close();
  await expect.poll(() => buildkit.sessions.size).toBe(0);
});

test("buildkit gets no credentials unless there are some for its host", async () => {
  const reply = () => ({ message: "", asksLoginFor: "registry.example.com" });
  await using buildkit = await startBuildkit({ reply });
  const login = { username: "robot", password: "p€ss" };
  await askBuildkit(buildkit.address, { reference }, options);
  await askBuildkit(buildkit.address, { reference }, { ...options, findLogin: () => undefined });
  await askBuildkit(
    buildkit.address,
    { reference },
    { ...options, findLogin: (host) => (host === "registry.example.com" ? login : undefined) },
  );
  const anonymous = { username: expect.stringMatching(/^registrar-[0-9a-f]{32}$/), password: "" };
  const logins = buildkit.asked.map((each) => each.login);
  expect(logins).toEqual([anonymous, anonymous, login]);
  // Clients of buildkit with the same credentials share their tokens.
  expect(logins[0]?.username).not.toBe(logins[1]?.username);
});

test.each([
  ["/grpc.health.v1.Health/Check", 0],
  // buildkit then fetches tokens itself (util/resolver/authorizer.go).
  ["/moby.filesync.v1.Auth/GetTokenAuthority", 12],
  ["/moby.filesync.v1.Auth/FetchToken", 12],
])("the session answers %s with %i", async (method, status) => {
  await using buildkit = await startBuildkit();
  const opened = await openBuildkit(buildkit.address, options);
  await expect.poll(() => buildkit.sessions.size).toBe(1);
  const [client] = buildkit.sessions.values();
  expect(await client?.statusOf(method)).toBe(status);
  opened.close();
});

test("the session refuses a request that is no message", async () => {
  await using buildkit = await startBuildkit();
  const opened = await openBuildkit(buildkit.address, options);
  await expect.poll(() => buildkit.sessions.size).toBe(1);
  const [client] = buildkit.sessions.values();
  expect(await client?.statusOf("/moby.filesync.v1.Auth/Credentials", Uint8Array.of(10, 200))).toBe(3);
  opened.close();
});

test("buildkit lists the platforms of its workers", async () => {
  const platforms = [
    { os: "linux", architecture: "arm64" },
    { os: "linux", architecture: "arm", variant: "v7" },
  ];
  await using buildkit = await startBuildkit({ platforms });
  const opened = await openBuildkit(buildkit.address, options);
  expect(await opened.listPlatforms(signal)).toEqual(platforms);
  opened.close();
});

test.each(["https://pypi.example.com/simple", "https://pypi.example.com/simple/"])(
  "of %s, a page is asked for that is not there, and each time another",
  async (url) => {
    const message = "failed to load cache key: invalid response status 404";
    await using buildkit = await startBuildkit({ reply: () => ({ message }) });
    const opened = await openBuildkit(buildkit.address, options);
    expect(await opened.askUrl(new URL(url), signal)).toEqual({ kind: "answers", status: 404 });
    await opened.askUrl(new URL(url), signal);
    const pages = buildkit.asked.map(({ identifier }) => identifier);
    const page = expect.stringMatching(/^https:\/\/pypi\.example\.com\/simple\/registrar-check-[0-9a-f-]+\/$/);
    expect(pages).toEqual([page, page]);
    expect(new Set(pages).size).toBe(2);
    opened.close();
  },
);

test("a port that nobody listens at", async () => {
  const closed = await listen(net.createServer());
  await closed[Symbol.asyncDispose]();
  await expect(askBuildkit(closed.address, { reference }, options)).rejects.toMatchObject({ code: "buildkit-refused" });
});

test("a host that does not resolve", async () => {
  const address = addressOf(new URL("tcp://buildkit.invalid:1234"));
  await expect(askBuildkit(address, { reference }, options)).rejects.toMatchObject({ code: "buildkit-name-unknown" });
});

test("a port that speaks TLS", async () => {
  const { certificatePem: cert, keyPem: key } = await (await createAuthority("Test CA")).issue();
  for (const mutual of [{}, { requestCert: true, rejectUnauthorized: true }]) {
    await using server = await listen(tls.createServer({ cert, key, ALPNProtocols: ["h2"], ...mutual }));
    await expect(askBuildkit(server.address, { reference }, options)).rejects.toMatchObject({ code: "buildkit-tls" });
  }
});

test("a port that speaks something else", async () => {
  const servers = [
    net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    net.createServer((socket) => socket.destroy()),
    http2.createServer((_, response) => response.end("hello")),
    http2.createServer((_, response) => {
      const message = encodeURIComponent("unknown service moby.buildkit.v1.Control");
      response
        .writeHead(200, { "content-type": "application/grpc", "grpc-status": "12", "grpc-message": message })
        .end();
    }),
  ];
  for (const server of servers) {
    await using other = await listen(server);
    await expect(askBuildkit(other.address, { reference }, { clock: patient, signal })).rejects.toMatchObject({
      code: "buildkit-foreign",
    });
  }
});

test("a port that says nothing", async () => {
  const server = net.createServer((socket) => socket.resume());
  await using other = await listen(server);
  await expect(askBuildkit(other.address, { reference }, { clock: hurried, signal })).rejects.toMatchObject({
    code: "buildkit-foreign",
    finding: { why: "no answer in time" },
  });
  await expect.poll(() => promisify(server.getConnections.bind(server))()).toBe(0);
});

test("a buildkit that ends while it is asked", async () => {
  const buildkit = await startBuildkit({ reply: () => ({ message: "", after: "never" }) });
  const opened = await openBuildkit(buildkit.address, options);
  const asked = opened.ask({ reference }, signal);
  await expect.poll(() => buildkit.waiting).toBe(1);
  await Promise.all([
    expect(asked).rejects.toMatchObject({ code: "buildkit-foreign" }),
    buildkit[Symbol.asyncDispose](),
  ]);
});
