import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage, type RequestListener } from "node:http";
import https from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { connectCluster } from "../../src/cluster/kubernetes.ts";
import { clusterOpener } from "../../src/cluster/open-cluster.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";

interface Asked {
  headers: IncomingMessage["headers"];
  /** The name that the TLS handshake asked for. */
  servername: unknown;
}

/** An API server that tells its version and remembers the last request. */
async function startServer(create: (listener: RequestListener) => Server) {
  const asked: Asked[] = [];
  const server = create((request, response) => {
    const { headers, socket } = request;
    asked.push({ headers, servername: socket instanceof TLSSocket ? Reflect.get(socket, "servername") : undefined });
    response.writeHead(200, { "content-type": "application/json" }).end('{"gitVersion": "v1.37.2"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, port, [Symbol.dispose]: () => void server.close() };
}

/** A folder with a kubeconfig and the files next to it. */
function writeFiles(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o755);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const configOf = (cluster: object, user?: object) =>
  stringify({
    clusters: [{ name: "c", cluster }],
    users: user ? [{ name: "u", user }] : [],
    contexts: [{ name: "x", context: { cluster: "c", ...(user && { user: "u" }) } }],
    "current-context": "x",
  });

async function versionBy(kubeconfig: string): Promise<string> {
  const open = clusterOpener(
    { KUBECONFIG: kubeconfig },
    (path) => readFileSync(path),
    async () => ({ connectCluster }),
  );
  return (await open("", new AbortController().signal)).version();
}

const authority = await createAuthority("kubernetes");
const { certificatePem, keyPem } = await authority.issue();
const credential = { status: { token: "of a program" } };

test.each<[string, object | undefined, Readonly<Record<string, string>>, Record<string, string>]>([
  ["a token", { token: "t" }, {}, { authorization: "Bearer t" }],
  [
    "a token of a file next to the kubeconfig",
    { tokenFile: "token" },
    { token: "of a file\n" },
    { authorization: "Bearer of a file" },
  ],
  ["a name and a password", { username: "joe", password: "p" }, {}, { authorization: `Basic ${btoa("joe:p")}` }],
  [
    "a program next to the kubeconfig",
    { exec: { command: "bin/login", args: null } },
    { "bin/login": `#!/bin/sh\necho '${JSON.stringify(credential)}'\n` },
    { authorization: "Bearer of a program" },
  ],
  [
    "somebody else's name",
    { token: "t", as: "jane", "as-groups": ["admins"] },
    {},
    { "impersonate-user": "jane", "impersonate-group": "admins" },
  ],
  ["no user", undefined, {}, {}],
])("a request has %s", async (_name, user, files, headers) => {
  using server = await startServer((listener) => https.createServer({ cert: certificatePem, key: keyPem }, listener));
  const cluster = { server: `https://localhost:${server.port}`, "certificate-authority": "pki/ca.crt" };
  using written = writeFiles({ ...files, "pki/ca.crt": authority.certificatePem, kubeconfig: configOf(cluster, user) });
  expect(await versionBy(join(written.folder, "kubeconfig"))).toBe("v1.37.2");
  expect(server.asked).toMatchObject([{ headers }]);
  if (!("authorization" in headers) && !user) expect(server.asked[0]?.headers.authorization).toBeUndefined();
});

test("a request over plain HTTP has no credentials", async () => {
  using server = await startServer((listener) => http.createServer(listener));
  const cluster = { server: `http://127.0.0.1:${server.port}` };
  using written = writeFiles({ kubeconfig: configOf(cluster, { token: "t" }) });
  expect(await versionBy(join(written.folder, "kubeconfig"))).toBe("v1.37.2");
  expect(server.asked[0]?.headers.authorization).toBeUndefined();
});

test("a request asks for the name that the kubeconfig expects on the certificate", async () => {
  using server = await startServer((listener) => https.createServer({ cert: certificatePem, key: keyPem }, listener));
  const cluster = {
    server: `https://127.0.0.1:${server.port}`,
    "tls-server-name": "localhost",
    "certificate-authority-data": btoa(authority.certificatePem),
  };
  using written = writeFiles({ kubeconfig: configOf(cluster, { token: "t" }) });
  expect(await versionBy(join(written.folder, "kubeconfig"))).toBe("v1.37.2");
  expect(server.asked).toMatchObject([{ servername: "localhost" }]);
});

test("a CA file that is missing is named", async () => {
  using written = writeFiles({
    kubeconfig: configOf({ server: "https://127.0.0.1:9", "certificate-authority": "none" }),
  });
  await expect(versionBy(join(written.folder, "kubeconfig"))).rejects.toThrow(join(written.folder, "none"));
});
