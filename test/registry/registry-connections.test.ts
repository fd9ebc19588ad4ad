import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/system/clock.ts";
import { deadlines } from "../../src/system/deadlines.ts";
import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { listen } from "../../testing/control-plane/listener.ts";
import { imageContent, sha256Of } from "../../testing/registry/image-content.ts";
import { errorBody } from "../../testing/registry/registry-faults.ts";
import { always, failureOf, loginsOf, openClient, referenceTo } from "./clients.ts";

const image = imageContent();
const bytes = Buffer.alloc(300_000, "x");
const blob = { mediaType: "application/octet-stream", digest: sha256Of(bytes), size: bytes.length };

/** A server that answers everything so. */
async function serve(handle: RequestListener) {
  const server: Server = createServer(handle).listen(0, "127.0.0.1");
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await once(server, "listening");
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { host, url: `http://${host}`, sockets, [Symbol.asyncDispose]: stop };
}

const giveManifest: RequestListener = (_, response) =>
  response.writeHead(200, { "content-type": image.mediaType }).end(image.bytes);

/** The system's clock, with one deadline that is over at once. */
const impatient = (deadline: number) => {
  const short = (milliseconds: number) => (milliseconds === deadline ? 40 : milliseconds);
  return {
    ...systemClock,
    timeout: (milliseconds: number) => systemClock.timeout(short(milliseconds)),
    sleep: (milliseconds: number, signal: AbortSignal) => systemClock.sleep(short(milliseconds), signal),
  };
};

describe("connections", () => {
  test("are kept, and one that the server has closed meanwhile is replaced", async () => {
    await using server = await serve(giveManifest);
    using client = openClient([server]);
    const reference = referenceTo(server, "acme/base:1");
    for (let count = 0; count < 3; count++) await client.readManifest(reference, always);
    expect(server.sockets.size).toBe(1);
    // The client learns of it with its next request only.
    const [socket] = server.sockets;
    socket?.resetAndDestroy();
    const again = await Promise.all([1, 2].map(() => client.readManifest(reference, always)));
    expect(again.map(({ digest }) => digest)).toEqual([image.digest, image.digest]);
  });

  test("that are all reset are given up", async () => {
    await using server = await serve(({ socket }) => socket.resetAndDestroy());
    using client = openClient([server]);
    const failure = await failureOf(client.readManifest(referenceTo(server, "acme/base:1"), always));
    expect([failure.code, server.sockets.size]).toEqual(["registry-reset", 1]);
  });

  test("that nobody answers end with the request, whose deadline is shorter than theirs", async () => {
    await using hole = await openBlackHole();
    using client = openClient([{ url: `http://${hole.address}` }]);
    const reference = referenceTo({ host: hole.address }, "acme/base:1");
    const failure = await failureOf(client.readManifest(reference, AbortSignal.timeout(40)));
    expect([failure.code, failure.why]).toEqual(["registry-timeout", "no answer in time"]);
  }, 5_000);
});

describe("a login", () => {
  const challenge = { "www-authenticate": 'Basic realm="here"' };

  /** As Amazon ECR: https://repost.aws/knowledge-center/ecr-authorization-token-expired */
  test("that has expired is refused, although the registry says that it forbids", async () => {
    const message = "Your authorization token has expired. Reauthenticate and try again.";
    await using server = await serve(({ headers }, response) =>
      headers.authorization === undefined
        ? response.writeHead(401, challenge).end()
        : response.writeHead(403).end(errorBody("DENIED", message)),
    );
    using client = openClient([server], { logins: loginsOf(server.host, { username: "AWS", password: "old" }) });
    const failure = await failureOf(client.readManifest(referenceTo(server, "acme/base:1"), always));
    expect(failure).toMatchObject({ code: "registry-login-refused", why: `HTTP 403, DENIED: ${message}` });
  });

  test("is not made where the storage asks for one", async () => {
    await using storage = await serve((_, response) => response.writeHead(401, challenge).end());
    await using server = await serve((_, response) => response.writeHead(307, { location: storage.url }).end());
    using client = openClient([server, storage], { logins: loginsOf(server.host, { username: "a", password: "b" }) });
    const failure = await failureOf(client.openBlob(referenceTo(server, "acme/base:1"), blob, always));
    expect(failure).toMatchObject({ code: "registry-login-required", what: expect.stringContaining(storage.url) });
    expect(client.secrets).toEqual([]);
  });
});

describe("a redirection", () => {
  test("from https:// to http:// is not followed, unless the settings allow that host", async () => {
    await using storage = await serve((_, response) => response.end(bytes));
    const ca = await createAuthority("Acme Root CA");
    const location = `${storage.url}/blob`;
    const registry = await listen({
      tls: await ca.issue(),
      httpVersions: "http/1.1",
      handle: (_, response) => {
        response.writeHead(307, { location });
        response.end();
      },
    });
    const route = { certificateAuthorities: ca.certificatePem };
    const reference = referenceTo(new URL(registry.url), "acme/base:1");
    using client = openClient([], { route });
    expect(await failureOf(client.openBlob(reference, blob, always))).toMatchObject({
      code: "registry-redirects-insecurely",
      fix: expect.stringContaining(`add ${storage.host} to registry.insecureHosts`),
    });
    using permissive = openClient([storage], { route });
    expect(await buffer(await permissive.openBlob(reference, blob, always))).toEqual(bytes);
    await registry.close();
  });

  test("to a storage that does not answer names the storage", async () => {
    await using registry = await serve((_, response) =>
      response.writeHead(307, { location: "https://bucket.invalid/blob?secret=1" }).end(),
    );
    using client = openClient([registry]);
    const failure = await failureOf(client.openBlob(referenceTo(registry, "acme/base:1"), blob, always));
    expect(failure).toMatchObject({
      code: "registry-name-unknown",
      what: expect.stringContaining("https://bucket.invalid "),
    });
  });

  test("that never ends is given up", async () => {
    let asked = 0;
    await using registry = await serve(({ url }, response) => {
      asked++;
      response.writeHead(307, { location: `${url}x` }).end();
    });
    using client = openClient([registry]);
    const failure = await failureOf(client.readManifest(referenceTo(registry, "acme/base:1"), always));
    expect([failure.code, asked]).toEqual(["registry-not-spoken", 6]);
  });
});

test("tags on pages without end are cut", async () => {
  let pages = 0;
  await using server = await serve((_, response) => {
    response.setHeader("link", `</v2/acme/base/tags/list?last=${pages++}>; rel="next"`);
    response.end(`{"tags":[]}`);
  });
  using client = openClient([server]);
  expect(await client.listTags(referenceTo(server, "acme/base"), always)).toEqual({ tags: [], isCut: true });
});

describe("a body", () => {
  const openFrom = async (handle: RequestListener, clock = systemClock) => {
    const server = await serve(handle);
    const client = openClient([server], { clock });
    const stream = await client.openBlob(referenceTo(server, "acme/base:1"), blob, always);
    const outcome = await failureOf(buffer(stream));
    client.close();
    await server[Symbol.asyncDispose]();
    return outcome;
  };

  test("that stops is given up", async () => {
    const handle: RequestListener = (_, response) => {
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 1_000));
    };
    const failure = await openFrom(handle, impatient(deadlines.registryPause.milliseconds));
    expect(failure).toMatchObject({ code: "registry-timeout", why: expect.stringContaining("no bytes for 30 s") });
  });

  test("that is cut off is no whole one", async () => {
    const handle: RequestListener = (_, response) => {
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 1_000), () => {
        response.destroy();
      });
    };
    expect(await openFrom(handle)).toMatchObject({ code: "registry-reset" });
  });

  test("that a slow reader takes its time for is not given up", async () => {
    await using server = await serve((_, response) => response.end(bytes));
    using client = openClient([server], { clock: impatient(deadlines.registryPause.milliseconds) });
    const stream = await client.openBlob(referenceTo(server, "acme/base:1"), blob, always);
    await systemClock.sleep(150, always);
    expect(await buffer(stream)).toEqual(bytes);
  });

  test.each<[string, string | Buffer, string]>([
    ["larger than any manifest", Buffer.alloc(4 * 2 ** 20 + 1, " "), "the answer is larger than 4 MiB"],
    ["no JSON", "manifest", "JSON"],
    ["of schema 1", `{"schemaVersion":1,"fsLayers":[]}`, "schema 1"],
    ["an error with status 200", `{"errors":[]}`, "neither an image nor an index"],
    [
      "a manifest with a size that is none",
      `{"config":{"mediaType":"","digest":"sha256:a","size":-1},"layers":[]}`,
      "neither",
    ],
  ])("that is %s is no manifest", async (_name, body, why) => {
    await using server = await serve((_, response) =>
      response.writeHead(200, { "content-type": image.mediaType }).end(body),
    );
    using client = openClient([server]);
    const failure = await failureOf(client.readManifest(referenceTo(server, "acme/base:1"), always));
    expect(failure).toMatchObject({ code: "image-manifest-unusable", why: expect.stringContaining(why) });
  });

  test("is not read where the answer to HEAD has another digest", async () => {
    const headers = { "docker-content-digest": image.digest, "content-length": image.bytes.length };
    await using server = await serve((_, response) => response.writeHead(200, headers).end());
    using client = openClient([server]);
    const reference = referenceTo(server, `acme/base@sha256:${"0".repeat(64)}`);
    expect(await failureOf(client.headManifest(reference, always))).toMatchObject({ code: "image-digest-mismatch" });
  });

  test("is read for its digest where the answer to HEAD has none", async () => {
    await using server = await serve(giveManifest);
    using client = openClient([server]);
    const head = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
    expect(await client.headManifest(referenceTo(server, "acme/base:1"), always)).toEqual(head);
  });
});
