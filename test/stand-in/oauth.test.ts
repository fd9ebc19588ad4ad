import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const client = { clientId: "registrar", clientSecret: "p@ss: +%/é" };
const oauth = { ...client, tokenLifetimeSeconds: 60, scopes: ["all", "read"], audience: "https://flyte" };

let time: number;
let plane: ControlPlane;
beforeEach(async () => {
  time = 0;
  plane = await startControlPlane({ oauth, now: () => new Date(time) });
});
afterEach(() => plane.stop());

const formEncode = (text: string) => new URLSearchParams({ text }).toString().slice("text=".length);

interface Asking {
  readonly secret?: string;
  readonly encode?: (text: string) => string;
  readonly form?: Record<string, string>;
  readonly authorization?: string;
}

async function askForToken({
  secret = client.clientSecret,
  encode = formEncode,
  form = {},
  authorization,
}: Asking = {}) {
  const basic = Buffer.from(`${encode(client.clientId)}:${encode(secret)}`).toString("base64");
  const response = await fetch(plane.tokenUrl ?? "", {
    method: "POST",
    headers: { authorization: authorization ?? `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials", audience: oauth.audience, ...form }),
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
    ["a secret that is not form-encoded", { encode: (text) => text }, 401, "invalid_client"],
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
    expect(plane.calls).toEqual([
      { method: "token", identity: "registrar", httpVersion: "1.1" },
      { method: "TaskService/ListTasks", identity: "registrar", httpVersion: "1.1" },
      { method: "TaskService/ListTasks", httpVersion: "1.1" },
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
