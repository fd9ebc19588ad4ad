import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { quotePlus } from "../../src/network/basic-credentials.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import type { TokenRequest } from "../../testing/identity-provider/token-endpoint.ts";
import { createFlyteFolder } from "../../testing/manual-procedure/flyte-cli.ts";
import { openSession, targetOf } from "../control-plane/sessions.ts";

const version = "2026.3.4";
const getTasks = ["--output-format", "json-raw", "get", "task", "--project", "system", "--domain", "production"];

describe.concurrent("with a client secret and TLS", () => {
  const client = {
    clientId: "registrar",
    clientSecret: "with:all %kinds+of/signs&é=",
    audience: "https://flyte",
    product: "zitadel",
  } as const;
  const signIn = {
    authType: "ClientSecret",
    clientId: client.clientId,
    clientSecretLocation: "secret",
    caCertFilePath: "ca.pem",
  };

  async function startSecured(options: { secret: string; privateTokenEndpoint?: boolean }) {
    const authority = await createAuthority("test CA");
    const tls = await authority.issue();
    const oauth = options.privateTokenEndpoint ? { ...client, tls } : { ...client, tls: "none" as const };
    const plane = await startControlPlane({ tls, oauth });
    plane.store({ version });
    const folder = await createFlyteFolder(inject("flyteCommand"), {
      endpoint: `dns:///${new URL(plane.url).host}`,
      ...signIn,
    });
    await writeFile(join(folder.path, "secret"), options.secret);
    await writeFile(join(folder.path, "ca.pem"), authority.certificatePem);
    return { plane, folder };
  }

  test("the CLI gets a token after the first refusal and calls again", async () => {
    const { plane, folder } = await startSecured({ secret: `${client.clientSecret}\n` });
    await using _ = plane;
    await using __ = folder;
    const { output } = await folder.run(getTasks);
    expect(output).toContain(`"version": "${version}"`);
    const endpoint = "control-plane";
    expect(plane.calls.filter(({ method }) => !method.startsWith("AuthMetadata"))).toEqual([
      { method: "TaskService/ListTasks", endpoint, httpVersion: "2.0" },
      { method: "token", identity: client.clientId, httpVersion: "1.1" },
      { method: "TaskService/ListTasks", endpoint, identity: client.clientId, httpVersion: "2.0" },
    ]);
  });

  test("a wrong secret fails with the identity provider's answer", async () => {
    const { plane, folder } = await startSecured({ secret: "wrong" });
    await using _ = plane;
    await using __ = folder;
    const { exitCode, output } = await folder.run(getTasks);
    expect(output).toContain("invalid_client");
    expect(exitCode).toBe(1);
  });

  test("a token endpoint of a private CA is trusted by SSL_CERT_FILE only", async () => {
    const { plane, folder } = await startSecured({ secret: client.clientSecret, privateTokenEndpoint: true });
    await using _ = plane;
    await using __ = folder;
    expect((await folder.run(getTasks)).output).toContain("CERTIFICATE_VERIFY_FAILED");
    expect((await folder.run(getTasks, { SSL_CERT_FILE: "ca.pem" })).exitCode).toBe(0);
  });
});

describe.concurrent("what the CLI sends to a token endpoint, this program sends too, byte for byte", () => {
  test.each<[string, { id: string; secret: string; scopes: string[]; audience?: string; own?: string[] }]>([
    [
      "an id and a secret with each unreserved character",
      { id: "data-plane_op.a~b", secret: "Zk8~p_W-4.r", scopes: ["all"] },
    ],
    ["a secret with reserved characters", { id: "0oa+1%2 x", secret: "p@ss: +%/é&=!'()*", scopes: ["all", "read"] }],
    ["an audience", { id: "me", secret: "s3cret", scopes: ["openid"], audience: "https://flyte?a=b c" }],
    ["no scope", { id: "me", secret: "s3cret", scopes: [] }],
    ["scopes in quotation marks", { id: "me", secret: "s3cret", scopes: ["'all'", " a ", "b]"] }],
    ["scopes of its own", { id: "me", secret: "s3cret", scopes: ["all"], own: ["api://8e82/.default", " 'a b' "] }],
  ])("with %s", async (_, { id, secret, scopes, audience, own }) => {
    const requests: TokenRequest[] = [];
    const CA = await createAuthority("test CA");
    const known = [...scopes, "api://8e82/.default", "all", "a", "b"];
    const oauth = {
      clientId: id,
      // What arrives: the stand-in does not decode.
      clientSecret: quotePlus(secret),
      scopes: known,
      publishedScopes: scopes,
      ...(audience !== undefined && { audience }),
      onTokenRequest: (request: TokenRequest) => requests.push(request),
    };
    await using plane = await startControlPlane({ tls: await CA.issue(), oauth });
    await using folder = await createFlyteFolder(inject("flyteCommand"), {
      endpoint: `dns:///${new URL(plane.url).host}`,
      authType: "ClientSecret",
      clientId: id,
      clientSecretLocation: "secret",
      caCertFilePath: "ca.pem",
      ...(own && { scopes: own }),
    });
    await writeFile(join(folder.path, "secret"), secret);
    await writeFile(join(folder.path, "ca.pem"), CA.certificatePem);
    expect((await folder.run(getTasks, { SSL_CERT_FILE: "ca.pem" })).exitCode).toBe(0);
    // On a busy machine either may ask twice.
    const [theirs] = requests.splice(0);

    const credentials = {
      type: "clientSecret",
      clientId: id,
      clientSecret: secret,
      ...(own && { scopes: own }),
    } as const;
    using session = openSession(targetOf(plane, { credentials, certificateAuthorities: CA.certificatePem }));
    await session.look();
    expect(theirs).toMatchObject({ method: "POST" });
    expect(requests[0]).toEqual(theirs);
  });
});
