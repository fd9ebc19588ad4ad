import { readFile } from "node:fs/promises";
import https from "node:https";
import { describe, expect, it } from "vitest";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../../testing/api-server/api-server.ts";
import { parseSelector } from "../../testing/api-server/label-selector.ts";

/** Asks as kubectl does, without the client that the program uses. */
async function ask({ kubeconfig }: ApiServer, path: string): Promise<{ status: number; body: Record<string, never> }> {
  const { clusters } = JSON.parse(await readFile(kubeconfig, "utf8"));
  const { server, "certificate-authority-data": ca } = clusters[0].cluster;
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) =>
    https.get(`${server}${path}`, { ca: Buffer.from(ca, "base64") }, resolve).on("error", reject),
  );
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode ?? 0, body: JSON.parse(text) };
}

async function asked(path: string, options: ApiServerOptions = {}) {
  await using server = await startApiServer(options);
  return await ask(server, path);
}

// What Kubernetes answers: k8s.io/apimachinery's labels package, and the API's documentation of lists in chunks.
describe("a label selector", () => {
  const labels = { team: "a", "union.ai/namespace-type": "flyte", empty: "" };
  it.each([
    ["union.ai/namespace-type=flyte", true],
    ["union.ai/namespace-type==flyte", true],
    ["union.ai/namespace-type=other", false],
    ["team=a,union.ai/namespace-type=flyte", true],
    ["team=b,union.ai/namespace-type=flyte", false],
    ["team!=b", true],
    ["other!=b", true],
    ["team in (a, b)", true],
    ["team in (b)", false],
    ["team notin (b, c)", true],
    ["other notin (b)", true],
    ["team", true],
    ["other", false],
    ["!other", true],
    ["!team", false],
    ["empty=", true],
    ["team=", false],
  ])("%s of the labels: %s", (selector, isSelected) => {
    expect(parseSelector(selector)?.(labels)).toBe(isSelected);
  });

  it.each(["a:b", "a=b c", "in (a)", "=a", "a in b", ","])("%j does not parse", (selector) => {
    expect(parseSelector(selector)).toBeUndefined();
  });
});

describe("the stand-in for the API server", () => {
  const path = "/api/v1/namespaces";
  const flyte = { labels: { type: "flyte" } };
  const namespaces = { a: flyte, b: flyte, c: flyte, d: {} };
  type Page = { metadata: { continue?: string }; items: { metadata: { name: string } }[] };
  const namesIn = (page: unknown) => (page as Page).items.map(({ metadata }) => metadata.name);
  const next = (page: unknown) => (page as Page).metadata.continue;

  it("gives a list of no more than the limit, and the rest for its token", async () => {
    await using server = await startApiServer({ namespaces });
    const first = await ask(server, `${path}?labelSelector=type%3Dflyte&limit=2`);
    expect([namesIn(first.body), next(first.body)]).toEqual([["a", "b"], expect.any(String)]);
    const rest = `${path}?labelSelector=type%3Dflyte&limit=2&continue=${next(first.body)}`;
    const second = await ask(server, rest);
    expect([namesIn(second.body), next(second.body)]).toEqual([["c"], undefined]);
    expect(namesIn((await ask(server, path)).body)).toEqual(["a", "b", "c", "d", "union"]);
  });

  it("refuses a token of another selector, and one that it has not given", async () => {
    await using server = await startApiServer({ namespaces });
    const token = next((await ask(server, `${path}?labelSelector=type&limit=1`)).body);
    for (const given of [token, "x"]) {
      expect(await ask(server, `${path}?continue=${given}`)).toMatchObject({ status: 400, body: { kind: "Status" } });
    }
  });

  it.each([
    [path, 'namespaces is forbidden: User "u" cannot list resource "namespaces" in API group "" at the cluster scope'],
    [
      `${path}/a/configmaps/settings`,
      'configmaps "settings" is forbidden: User "u" cannot get resource "configmaps" in API group "" in the namespace "a"',
    ],
  ])("refuses what is forbidden in Kubernetes' words: %s", async (forbidden, message) => {
    expect(await asked(forbidden, { forbidden: ["GET namespaces", "GET a/configmaps"] })).toMatchObject({
      status: 403,
      body: { kind: "Status", status: "Failure", reason: "Forbidden", code: 403, message },
    });
  });

  it.each([
    ["/api/v1/namespaces/union/podtemplates/task-template", 'podtemplates "task-template" not found'],
    ["/api/v1/namespaces/nowhere/serviceaccounts/default", 'serviceaccounts "default" not found'],
    ["/apis/apps/v1/namespaces/union/deployments/operator", 'deployments.apps "operator" not found'],
  ])("does not find what is not there: %s", async (missing, message) => {
    expect(await asked(missing)).toMatchObject({ status: 404, body: { reason: "NotFound", message } });
  });

  it("has the account default in each namespace that there is", async () => {
    const account = "/api/v1/namespaces/d/serviceaccounts/default";
    expect(await asked(account, { namespaces })).toMatchObject({ status: 200 });
  });
});
