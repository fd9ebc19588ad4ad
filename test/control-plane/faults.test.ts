import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import type { Fault } from "../../testing/control-plane/faults.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { createFakeClock, failureOf, methods, openSession, targetOf } from "./sessions.ts";

/** The longest pauses that fit into the two seconds that the sessions of these tests have. */
const longestPauses = [250, 500, 1_000];

const transient: [Fault["kind"], Code, string][] = [
  ["refused", "control-plane-refused", "ECONNREFUSED"],
  ["reset", "control-plane-reset", "ECONNRESET"],
  ["bad-gateway", "control-plane-unavailable", "HTTP 502"],
  ["unavailable", "control-plane-unavailable", "no healthy upstream"],
];
const permanent: [Fault["kind"], Code, string][] = [
  ["unauthenticated", "credentials-missing", "token is missing or invalid"],
  ["permission-denied", "permission-denied", "not allowed to register tasks in system"],
  ["login-page", "control-plane-not-spoken", "Sign in"],
];

describe("a transient fault", () => {
  test.each(transient)("%s is tried again until it is over", async (kind) => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    await plane.setFault({ kind });
    const clock = createFakeClock({ onPause: (pauses) => (pauses === 2 ? plane.setFault(undefined) : undefined) });
    using client = openSession(targetOf(plane), { clock });
    expect(await client.look()).toBe("2026.3.4");
    expect(clock.pauses).toEqual([250, 500]);
  });

  test.each(transient)("%s that stays is given up as %s, with the number of attempts", async (kind, code, why) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code, transient: true, exit: 3 });
    expect(described(error).what).toContain(plane.url);
    expect(error.finding.why).toContain(why);
    expect(error.finding.why).toMatch(/ \(4 attempts in 1\.8 s\)$/);
    expect(client.clock.pauses).toEqual(longestPauses);
    if (kind !== "refused") expect(methods(plane)).toEqual(Array(4).fill("TaskService/ListTasks"));
  });

  test("in the middle of a body over HTTP/2 is tried again", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await plane.setFault({ kind: "reset" });
    using client = openSession(targetOf(plane, { certificateAuthorities: authority.certificatePem }));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code: "control-plane-reset" });
    expect(plane.calls.map(({ httpVersion }) => httpVersion)).toEqual(Array(4).fill("2.0"));
  });

  test("too-many-requests is waited for as long as it asks", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "too-many-requests", times: 2, retryAfterSeconds: 7 });
    using client = openSession(targetOf(plane), { giveUpAfterMilliseconds: 60_000 });
    await client.look();
    expect(client.clock.pauses).toEqual([7_000, 7_000]);
  });

  test("too-many-requests that asks for more than there is, is given up at once", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "too-many-requests", retryAfterSeconds: 7 });
    using client = openSession(targetOf(plane));
    expect(await failureOf(client.look())).toMatchObject({ code: "control-plane-unavailable" });
    expect(client.clock.pauses).toEqual([]);
    expect(plane.calls).toHaveLength(1);
  });
});

describe.each(["http/1.1", "h2"] as const)("a control plane that never answers, over %s", (version) => {
  const hanging = async () => {
    const authority = await createAuthority("test CA");
    const plane = await startControlPlane({ tls: await authority.issue(), httpVersions: version });
    await plane.setFault({ kind: "hang" });
    return { plane, target: targetOf(plane, { certificateAuthorities: authority.certificatePem }) };
  };

  test("is given up when the time for it is over", async () => {
    const { plane, target } = await hanging();
    await using _ = plane;
    using client = openSession(target, {
      giveUpAfterMilliseconds: 150,
      clock: createFakeClock({ chance: () => 0.99 }),
    });
    const started = performance.now();
    const error = await failureOf(client.look());
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(error).toMatchObject({ code: "control-plane-timeout", transient: true });
    expect(error.finding.why).toContain("1 attempt in");
  });

  test("is left at once when the run is ended", async () => {
    const { plane, target } = await hanging();
    await using _ = plane;
    const run = new AbortController();
    const reason = new Error("ended by SIGTERM");
    using client = openSession(target, { giveUpAfterMilliseconds: 60_000, signal: run.signal });
    const looking = client.look();
    await expect.poll(() => plane.calls.length).toBe(1);
    run.abort(reason);
    await expect(looking).rejects.toBe(reason);
  });
});

describe("a permanent fault", () => {
  test.each(permanent)("%s is final at once: %s", async (kind, code, why) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.look());
    expect(error).toMatchObject({ code, transient: false, exit: 3 });
    expect(error.finding.why).toContain(why);
    expect(error.finding.why).not.toContain("attempt");
    expect(client.clock.pauses).toEqual([]);
    expect(plane.calls).toHaveLength(1);
  });
});

describe("another server's answer", () => {
  let status = 200;
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) =>
      response.writeHead(status, { location: "/", "content-type": "text/html" }).end(),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  test.each<[number, Code, boolean]>([
    [302, "control-plane-redirects", false],
    [401, "gateway-answered", false],
    [403, "gateway-answered", false],
    [404, "control-plane-not-spoken", false],
    [405, "control-plane-not-spoken", false],
    [408, "control-plane-unavailable", true],
    [415, "control-plane-not-spoken", false],
    [425, "control-plane-unavailable", true],
    [429, "control-plane-unavailable", true],
    [500, "gateway-answered", false],
    [503, "control-plane-unavailable", true],
    [504, "control-plane-unavailable", true],
  ])("HTTP %i means %s, tried again: %s", async (answered, code, isTransient) => {
    status = answered;
    using client = openSession(targetOf({ url: `http://localhost:${(server.address() as AddressInfo).port}` }));
    expect(await failureOf(client.look())).toMatchObject({ code, transient: isTransient });
    expect(client.clock.pauses).toEqual(isTransient ? longestPauses : []);
  });
});
