import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { type ProductName, products, type RefusalReason } from "../../testing/identity-provider/products.ts";

// Each character that form encoding escapes and quote_plus leaves.
const client = { clientId: "data-plane_registrar", clientSecret: "p.a-s~s_1" };
const oauth = { ...client, tokenLifetimeSeconds: 60, scopes: ["all", "read"], audience: "https://flyte" };

let time: number;
let plane: ControlPlane;
beforeEach(async () => {
  time = 0;
  plane = await startControlPlane({ oauth, now: () => new Date(time) });
});
afterEach(() => plane.stop());

/** As RFC 6749 says and libraries do: each byte but those of letters and digits is escaped, a space as a plus sign. */
const formEncode = (text: string) =>
  Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9]/.test(character)) return character;
    return character === " " ? "+" : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  }).join("");

interface Asking {
  readonly secret?: string;
  readonly encode?: (text: string) => string;
  readonly form?: Record<string, string>;
  readonly authorization?: string;
  readonly method?: string;
  readonly contentType?: string;
}

async function askForToken({
  secret = client.clientSecret,
  encode = (text) => text,
  form = {},
  authorization,
  method = "POST",
  contentType = "application/x-www-form-urlencoded",
}: Asking = {}) {
  const basic = Buffer.from(`${encode(client.clientId)}:${encode(secret)}`).toString("base64");
  const body = new URLSearchParams({ grant_type: "client_credentials", audience: oauth.audience, ...form }).toString();
  const response = await fetch(plane.tokenUrl ?? "", {
    method,
    headers: { authorization: authorization ?? `Basic ${basic}`, "content-type": contentType },
    ...(method === "POST" && { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function newToken(): Promise<string> {
  return String((await askForToken()).body["access_token"]);
}

const listTasks = (token?: string, tokenHeader?: string) =>
  connectTo(TaskService, plane, { ...(token && { token }), ...(tokenHeader && { tokenHeader }) }).listTasks({});

const refused = { code: Code.Unauthenticated, rawMessage: "token is missing or invalid" };

describe("the token endpoint", () => {
  test("issues a token that opens the API, for as long as it says", async () => {
    const { status, body } = await askForToken({ form: { scope: "all read" } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 60 });
    const token = String(body["access_token"]);
    await listTasks(token);
    time = 59_999;
    await listTasks(token);
    time = 60_000;
    await expect(listTasks(token)).rejects.toMatchObject(refused);
  });

  test.each<[string, Asking, number, string]>([
    ["a wrong secret", { secret: "wrong" }, 401, "invalid_client"],
    ["an id and a secret that are form-encoded", { encode: formEncode }, 401, "invalid_client"],
    ["Basic credentials without a colon", { authorization: `Basic ${btoa("registrar")}` }, 401, "invalid_client"],
    ["a Bearer token", { authorization: "Bearer token" }, 401, "invalid_client"],
    ["GET", { method: "GET" }, 405, "invalid_request"],
    ["a form that is called JSON", { contentType: "application/json" }, 400, "invalid_request"],
    ["another client", { authorization: `Basic ${btoa("someone:secret")}` }, 401, "invalid_client"],
    ["no credentials", { authorization: "" }, 401, "invalid_client"],
    ["an unknown scope", { form: { scope: "all write" } }, 400, "invalid_scope"],
    ["another audience", { form: { audience: "https://elsewhere" } }, 400, "invalid_target"],
    ["another grant", { form: { grant_type: "password" } }, 400, "unsupported_grant_type"],
  ])("refuses %s", async (_, asking, status, error) => {
    expect(await askForToken(asking)).toMatchObject({ status, body: { error } });
  });

  test("says what is wrong with a secret as recorded", async () => {
    const { body } = await askForToken({ secret: "wrong" });
    expect(body).toEqual({ error: "invalid_client", error_description: "bad secret" });
  });
});

describe("products of identity providers", () => {
  const { plain: _, ...others } = products;
  const special = { ...oauth, clientSecret: "p@ss: +%/é" };

  test.each(Object.entries(products))("%s compares credentials in its own way", async (name, product) => {
    await using other = await startControlPlane({ oauth: { ...oauth, product: name as ProductName } });
    plane = other;
    expect((await askForToken()).status).toBe(200);
    const encoded = await askForToken({ encode: formEncode });
    expect(encoded.status === 200).toBe(product.decodesCredentials);
  });

  test.each(["zitadel", "keycloak", "okta"] as const)(
    "%s takes a special secret only if it is encoded",
    async (product) => {
      await using other = await startControlPlane({ oauth: { ...special, product } });
      plane = other;
      expect((await askForToken({ secret: special.clientSecret, encode: formEncode })).status).toBe(200);
      expect((await askForToken({ secret: special.clientSecret })).status).toBe(401);
    },
  );

  test.each(["plain", "cognito", "authentik"] as const)("%s takes a special secret only as it is", async (product) => {
    await using other = await startControlPlane({ oauth: { ...special, product } });
    plane = other;
    expect((await askForToken({ secret: special.clientSecret })).status).toBe(200);
    expect((await askForToken({ secret: special.clientSecret, encode: formEncode })).status).not.toBe(200);
  });

  test.each(Object.entries(others))("%s refuses in its own words", async (name, { refusals }) => {
    const asking: Readonly<Record<RefusalReason, Asking>> = {
      "unknown-client": { authorization: `Basic ${btoa("someone:secret")}` },
      "wrong-secret": { secret: "wrong" },
      "no-grant": {},
      "wrong-scope": { form: { scope: "all write" } },
      "wrong-resource": { form: { audience: "https://elsewhere" } },
    };
    for (const [reason, { status, body }] of Object.entries(refusals)) {
      const mayLogIn = reason !== "no-grant";
      await using other = await startControlPlane({ oauth: { ...oauth, product: name as ProductName, mayLogIn } });
      plane = other;
      expect(await askForToken(asking[reason as RefusalReason])).toEqual({ status, body: JSON.parse(body) });
    }
  });
});

describe("the API", () => {
  test("refuses a call without a token, with a made-up one, and with a revoked one", async () => {
    await expect(listTasks()).rejects.toMatchObject(refused);
    await expect(listTasks("made-up")).rejects.toMatchObject(refused);
    const token = await newToken();
    await listTasks(token);
    plane.revokeTokens();
    await expect(listTasks(token)).rejects.toMatchObject(refused);
    await listTasks(await newToken());
  });

  test("answers HTTP 401 for it", async () => {
    const response = await fetch(`${plane.url}/flyteidl2.task.TaskService/ListTasks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: "unauthenticated", message: "token is missing or invalid" });
  });

  test("takes the token from the header that it publishes, and from no other", async () => {
    await using other = await startControlPlane({ oauth: { ...oauth, authorizationHeader: "flyte-authorization" } });
    plane = other;
    const token = await newToken();
    const { authorizationMetadataKey } = await connectTo(AuthMetadataService, other).getPublicClientConfig({});
    expect(authorizationMetadataKey).toBe("flyte-authorization");
    await listTasks(token, "flyte-authorization");
    await expect(listTasks(token)).rejects.toMatchObject(refused);
  });

  test("records who called, and neither secrets nor tokens", async () => {
    const token = await newToken();
    await listTasks(token);
    await listTasks().catch(() => {});
    const endpoint = "control-plane";
    expect(plane.calls).toEqual([
      { method: "token", identity: client.clientId, httpVersion: "1.1" },
      { method: "TaskService/ListTasks", endpoint, identity: client.clientId, httpVersion: "1.1" },
      { method: "TaskService/ListTasks", endpoint, httpVersion: "1.1" },
    ]);
  });
});

describe("AuthMetadataService", () => {
  test("tells anybody where and how to get a token", async () => {
    const metadata = connectTo(AuthMetadataService, plane);
    expect(await metadata.getOAuth2Metadata({})).toMatchObject({
      tokenEndpoint: plane.tokenUrl,
      scopesSupported: oauth.scopes,
      grantTypesSupported: ["client_credentials"],
    });
    expect(await metadata.getPublicClientConfig({})).toMatchObject({
      authorizationMetadataKey: "authorization",
      scopes: oauth.scopes,
      audience: oauth.audience,
    });
  });

  test("may tell of scopes and an audience that the identity provider does not know", async () => {
    const wrong = { publishedScopes: ["none"], publishedAudience: "https://elsewhere" };
    await using other = await startControlPlane({ oauth: { ...oauth, ...wrong } });
    expect(await connectTo(AuthMetadataService, other).getPublicClientConfig({})).toMatchObject({
      scopes: ["none"],
      audience: "https://elsewhere",
    });
  });

  test("answers as recorded without authentication", async () => {
    await using open = await startControlPlane();
    const metadata = connectTo(AuthMetadataService, open);
    const { $typeName: _, ...config } = await metadata.getPublicClientConfig({});
    const filled = Object.entries(config).filter(([, value]) => value?.length);
    expect(filled.map(([key]) => key).sort()).toEqual(["authorizationMetadataKey", "dataplaneDomain"]);
    await expect(metadata.getOAuth2Metadata({})).rejects.toMatchObject({ code: Code.Unimplemented });
    expect(open.tokenUrl).toBeUndefined();
  });
});
