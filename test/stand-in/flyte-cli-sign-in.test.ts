import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { createFlyteFolder } from "../../testing/manual-procedure/flyte-cli.ts";

const version = "2026.3.4";
const getTasks = ["--output-format", "json-raw", "get", "task", "--project", "system", "--domain", "production"];

describe.concurrent("with a client secret and TLS", () => {
  const client = { clientId: "registrar", clientSecret: "with:all %kinds+of/signs&é=", audience: "https://flyte" };
  const signIn = {
    authType: "ClientSecret",
    clientId: client.clientId,
    clientSecretLocation: "secret",
    caCertFilePath: "ca.pem",
  };

  async function startSecured(options: { secret: string; privateTokenEndpoint?: boolean }) {
    const authority = await createAuthority("test CA");
    const tls = await authority.issue();
    const oauth = options.privateTokenEndpoint ? { ...client, tls } : client;
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
    expect(plane.calls.filter(({ method }) => !method.startsWith("AuthMetadata"))).toEqual([
      { method: "TaskService/ListTasks", httpVersion: "2.0" },
      { method: "token", identity: client.clientId, httpVersion: "1.1" },
      { method: "TaskService/ListTasks", identity: client.clientId, httpVersion: "2.0" },
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
