import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/report/redaction.ts";
import { always, failureOf, loginsOf, openClient, referenceTo } from "../registry/clients.ts";

/** A registry that challenges by a scheme, and answers a login, or its token endpoint, as a test has it. */
async function startRegistry(scheme: "Basic" | "Bearer", answer: (sent: string) => [number, object]) {
  const server = http.createServer(async (request, response) => {
    const { authorization = "" } = request.headers;
    let body = "";
    for await (const part of request) body += part;
    if (!request.url?.startsWith("/token") && !authorization) {
      const challenge = scheme === "Basic" ? 'Basic realm="x"' : `Bearer realm="http://${host}/token",service="x"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const [status, json] = answer(authorization || (/refresh_token=[^&]*/.exec(body)?.[0] ?? ""));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const denied = (sent: string): [number, object] => [422, { errors: [{ code: "DENIED", message: `bad: ${sent}` }] }];

describe("a registry", () => {
  it.each([
    ["its login", "Basic", { auth: btoa("builder:open sesame/1") }, /open|b3Blb|sesame|YnVpbGRlcj/],
    ["a login for its token endpoint", "Bearer", { auth: btoa("builder:open sesame/1") }, /open|sesame|YnVpbGRlcj/],
    ["an identity token for it", "Bearer", { identitytoken: "identity/token+1=" }, /identity%2Ftoken|identity\/token/],
  ] as const)("that repeats %s has no report that shows it", async (_name, scheme, entry, shown) => {
    await using registry = await startRegistry(scheme, denied);
    using client = openClient([registry], { logins: loginsOf(registry.host, entry) });
    const failure = await failureOf(client.readManifest(referenceTo(registry, "acme/base:1"), always));
    expect(JSON.stringify(failure)).toMatch(shown);
    const redactor = createRedactor((text) => text);
    client.secrets.forEach(redactor.protect);
    expect(JSON.stringify(redactor.redactAll(failure))).not.toMatch(shown);
  });

  it.each(["a\nb", "a\u{1f600}", "a b", ""])("that gives %j as a token gives none", async (token) => {
    await using registry = await startRegistry("Bearer", () => [200, { token }]);
    using client = openClient([registry]);
    const failure = await failureOf(client.readManifest(referenceTo(registry, "acme/base:1"), always));
    expect(failure.code).toBe("registry-token-unusable");
  });
});
