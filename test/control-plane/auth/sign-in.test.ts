import { describe, expect, test } from "vitest";
import type { Credentials } from "../../../src/settings/credentials.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";
import { type ControlPlaneOptions, startControlPlane } from "../../../testing/control-plane/start.ts";
import { described } from "../../../testing/findings/described.ts";
import { failureOf, methods, openSession, shown, targetOf } from "../sessions.ts";

const client = { clientId: "registrar", clientSecret: "canary:secret with +%/é&=" };
const oauth = { ...client, product: "zitadel", scopes: ["all", "read"], audience: "https://flyte" } as const;
const credentials: Credentials = { type: "clientSecret", ...client };
const start = (more: Partial<NonNullable<ControlPlaneOptions["oauth"]>> = {}) =>
  startControlPlane({ oauth: { ...oauth, ...more } });
const isToken = (method: string) => method === "token";

describe("client credentials", () => {
  test("are found out about, used once, and the token is kept for the run", async () => {
    await using plane = await start();
    plane.store({ version: "2026.3.4" });
    using session = openSession(targetOf(plane, { credentials }));
    expect([await session.look(), await session.look()]).toEqual(["2026.3.4", "2026.3.4"]);
    expect(methods(plane).slice(0, 3).sort()).toEqual([
      "AuthMetadataService/GetOAuth2Metadata",
      "AuthMetadataService/GetPublicClientConfig",
      "token",
    ]);
    const reads = ["TaskService/ListTasks", "TaskService/GetTaskDetails"];
    expect(methods(plane).slice(3)).toEqual([...reads, ...reads]);
    expect(plane.calls.slice(2).every(({ identity }) => identity === client.clientId)).toBe(true);
  });

  test("send the token in the header that the control plane names", async () => {
    await using plane = await start({ authorizationHeader: "flyte-authorization" });
    using session = openSession(targetOf(plane, { credentials }));
    await session.look();
    expect(plane.calls.at(-1)).toMatchObject({ method: "TaskService/ListTasks", identity: client.clientId });
  });

  test.each(["h2", "http/1.1"] as const)("work over TLS, %s, with one private CA for both", async (version) => {
    const authority = await createAuthority("test CA");
    const tls = await authority.issue();
    await using plane = await startControlPlane({ tls, httpVersions: version, oauth: { ...oauth, tls } });
    using session = openSession(targetOf(plane, { credentials, certificateAuthorities: authority.certificatePem }));
    expect(await session.look()).toBeUndefined();
    expect(plane.tokenUrl).toMatch(/^https:/);
  });

  test("are not used where the control plane wants none", async () => {
    await using plane = await startControlPlane();
    using session = openSession(targetOf(plane, { credentials }));
    expect(await session.look()).toBeUndefined();
    expect(methods(plane).filter(isToken)).toEqual([]);
  });

  test("are missed where the control plane wants some", async () => {
    await using plane = await start();
    using session = openSession(targetOf(plane));
    expect(await failureOf(session.look())).toMatchObject({ code: "credentials-missing", transient: false });
    expect(methods(plane)).toEqual(["TaskService/ListTasks"]);
  });
});

describe("a token", () => {
  test("that is revoked is replaced once, without a pause", async () => {
    await using plane = await start();
    using session = openSession(targetOf(plane, { credentials }));
    await session.look();
    plane.revokeTokens();
    await session.look();
    expect(methods(plane).filter(isToken)).toHaveLength(2);
    expect(session.clock.pauses).toEqual([]);
    expect(new Set(session.secrets).size).toBe(2);
  });

  test("that is refused again after the replacement is final, and so is a later refusal", async () => {
    await using plane = await start();
    using session = openSession(targetOf(plane, { credentials }));
    await plane.setFault({ kind: "unauthenticated", methods: ["TaskService/ListTasks"] });
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "credentials-refused", transient: false });
    expect(described(error).what).toContain(client.clientId);
    expect(methods(plane).filter(isToken)).toHaveLength(2);
    expect(session.clock.pauses).toEqual([]);
    expect(await failureOf(session.look())).toMatchObject({ code: "credentials-refused" });
    expect(methods(plane).filter(isToken)).toHaveLength(2);
  });

  test("survives a broken connection", async () => {
    await using plane = await start();
    using session = openSession(targetOf(plane, { credentials }));
    await session.look();
    await plane.setFault({ kind: "reset", times: 1 });
    await session.look();
    expect(methods(plane).filter(isToken)).toHaveLength(1);
  });

  test("is protected before it is sent", async () => {
    await using plane = await start();
    using session = openSession(targetOf(plane, { credentials }));
    await plane.setFault({ kind: "permission-denied", methods: ["TaskService/ListTasks"] });
    await failureOf(session.look());
    expect(session.secrets).toEqual([expect.stringMatching(/^[\w-]{20,}$/)]);
  });
});

describe("a refusal by the identity provider", () => {
  test.each([
    ["a wrong secret", {}, { clientSecret: "canary-wrong" }, "client-refused", "bad secret"],
    ["an unknown client", {}, { clientId: "someone" }, "client-refused", "unknown client"],
  ] as const)("of %s is final", async (_, more, wrong, code, why) => {
    await using plane = await start(more);
    using session = openSession(targetOf(plane, { credentials: { ...credentials, ...wrong } }));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code, transient: false, exit: 3 });
    expect(described(error).what).toContain(plane.tokenUrl);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
    expect(methods(plane).filter(isToken)).toHaveLength(1);
    expect(session.clock.pauses).toEqual([]);
  });
});
