import { createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import type { Session } from "../../src/control-plane/session.ts";
import { parseEndpoint } from "../../src/network/endpoint.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { failureOf, openSession, targetOf } from "./sessions.ts";

const oauth = { clientId: "registrar", clientSecret: "the-secret" };
const credentials = { type: "clientSecret" as const, ...oauth };

function endpointOf(url: string) {
  const endpoint = parseEndpoint(url, url.startsWith("http:"));
  if (typeof endpoint === "string") throw new Error(endpoint);
  return endpoint;
}

/** A request that requires a token. */
const look = (session: Session) =>
  session.call("read tasks", async (transport, options) => {
    await createClient(TaskService, transport).listTasks({ request: { limit: 1 } }, options);
  });

describe("a sibling of a session", () => {
  test("sends the token of the same login to another endpoint, and trusts the same CA", async () => {
    const ca = await createAuthority("Acme Root CA");
    const tls = await ca.issue();
    await using plane = await startControlPlane({ oauth, tls, separateDataPlane: true });
    const target = targetOf(plane, { credentials, certificateAuthorities: ca.certificatePem });
    using opened = openSession(target);
    await look(opened.session);
    const sibling = opened.session.sibling({ endpoint: endpointOf(plane.dataPlaneUrl ?? "") });
    // The data plane does not serve tasks, but it asks for a token first.
    await failureOf(look(sibling));
    const tokens = plane.calls.filter(({ method }) => method === "token");
    expect(tokens).toHaveLength(1);
    expect(plane.calls.at(-1)).toMatchObject({ endpoint: "data-plane", identity: "registrar" });
  });

  test("replaces a token that has expired, as often as tokens expire", async () => {
    await using plane = await startControlPlane({ oauth });
    using opened = openSession(targetOf(plane, { credentials }));
    const sibling = opened.session.sibling({});
    for (let expiries = 0; expiries < 3; expiries++) {
      await Promise.all([look(opened.session), look(sibling)]);
      plane.revokeTokens();
    }
    await Promise.all([look(opened.session), look(sibling)]);
    expect(plane.calls.filter(({ method }) => method === "token")).toHaveLength(4);
  });

  test("outlives the signal of the session", async () => {
    await using plane = await startControlPlane({ oauth });
    const ended = new AbortController();
    using opened = openSession(targetOf(plane, { credentials }), { signal: ended.signal });
    await look(opened.session);
    plane.revokeTokens();
    ended.abort(new Error("SIGTERM"));
    await expect(look(opened.session)).rejects.toThrow("SIGTERM");
    await look(opened.session.sibling({ signal: new AbortController().signal }));
  });
});
