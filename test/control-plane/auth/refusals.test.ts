import { describe, expect, test } from "vitest";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { described } from "../../../testing/findings/described.ts";
import { type ProductName, products, type RefusalReason } from "../../../testing/identity-provider/products.ts";
import { failureOf, methods, openSession, shown, targetOf } from "../sessions.ts";

const client = { clientId: "registrar", clientSecret: "canary-secret" };
const credentials = { type: "clientSecret", ...client } as const;
const oauth = { ...client, scopes: ["all"], audience: "https://flyte" };

/** What brings a refusal about, at the stand-in or in the credentials, and the code that it must have. */
const reasons: Readonly<Record<RefusalReason, { at?: object; by?: object; code: Code }>> = {
  "unknown-client": { by: { clientId: "nobody" }, code: "client-refused" },
  "wrong-secret": { by: { clientSecret: "canary-other" }, code: "client-refused" },
  "no-grant": { at: { mayLogIn: false }, code: "grant-refused" },
  "wrong-scope": { at: { publishedScopes: ["all", "none"] }, code: "scope-refused" },
  "wrong-resource": { at: { publishedAudience: "https://elsewhere" }, code: "scope-refused" },
};

const table = Object.entries(products).flatMap(([product, { refusals }]) =>
  Object.entries(refusals).map(
    ([reason, answer]) => [reason as RefusalReason, product as ProductName, answer] as const,
  ),
);

describe("a refusal", () => {
  test.each(table)("for %s by %s has its code and its words, and is final", async (reason, product, answer) => {
    const { at = {}, by = {}, code } = reasons[reason];
    await using plane = await startControlPlane({ oauth: { ...oauth, product, ...at } });
    using session = openSession(targetOf(plane, { credentials: { ...credentials, ...by } }));
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code, transient: false, exit: 3 });
    const said: Readonly<Record<string, unknown>> = JSON.parse(answer.body);
    const words = said["error_description"] ?? said["errorSummary"] ?? said["error"];
    expect(error.finding.why).toContain(String(words).replaceAll(/\s+/g, " "));
    expect(described(error).what).toContain(plane.tokenUrl);
    expect(shown(error)).not.toContain("canary");
    expect(Object.values(described(error)).join("\n")).not.toMatch(/\[object |undefined/);
    expect(methods(plane).filter((method) => method === "token")).toHaveLength(1);
    expect(session.clock.pauses).toEqual([]);
  });
});

test("a limit is waited out as long as the identity provider asks, and not longer", async () => {
  await using plane = await startControlPlane({ oauth });
  await plane.setFault({ kind: "too-many-requests", methods: ["token"], retryAfterSeconds: 1, times: 1 });
  using session = openSession(targetOf(plane, { credentials }));
  await session.look();
  expect(session.clock.pauses).toEqual([1_000]);
});

test("scopes of the settings are requested in place of those that the control plane publishes", async () => {
  const scopes = ["api://8e82/.default"];
  await using plane = await startControlPlane({ oauth: { ...oauth, scopes, publishedScopes: ["all"] } });
  using published = openSession(targetOf(plane, { credentials }));
  expect(await failureOf(published.look())).toMatchObject({ code: "scope-refused" });
  using session = openSession(targetOf(plane, { credentials: { ...credentials, scopes } }));
  expect(await session.look()).toBeUndefined();
});

test.each(["plain", "keycloak 16", "cognito", "authentik"] as const)(
  "%s compares credentials as they come, and lets an id and a secret with each unreserved character in",
  async (product) => {
    const verbatim = { clientId: "data-plane_operator.a~b", clientSecret: "Zk8~p_W-4.r" };
    await using plane = await startControlPlane({ oauth: { ...oauth, ...verbatim, product } });
    using session = openSession(targetOf(plane, { credentials: { ...credentials, ...verbatim } }));
    expect(await session.look()).toBeUndefined();
  },
);
