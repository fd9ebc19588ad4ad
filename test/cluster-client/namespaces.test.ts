import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { connectCluster } from "../../src/cluster/kubernetes.ts";
import { clusterOpener } from "../../src/cluster/open-cluster.ts";
import { type ApiServerOptions, startApiServer } from "../../testing/api-server/api-server.ts";

const { signal } = new AbortController();
const flyte = { labels: { "union.ai/namespace-type": "flyte" } };
const selector = "union.ai/namespace-type=flyte";

async function startCluster(options: ApiServerOptions) {
  const server = await startApiServer(options);
  const environment = { KUBECONFIG: server.kubeconfig };
  const read = (path: string) => readFileSync(path);
  const openCluster = clusterOpener(environment, read, async () => ({ connectCluster }));
  return {
    server,
    cluster: await openCluster("union", signal),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe("the client of the cluster", () => {
  it("lists the namespaces with a label, and says which are being deleted", async () => {
    const namespaces = { a: flyte, b: { ...flyte, isTerminating: true }, c: {} };
    await using opened = await startCluster({ namespaces });
    expect(await opened.cluster.listNamespaces(selector)).toEqual([
      { name: "a", isTerminating: false },
      { name: "b", isTerminating: true },
    ]);
  });

  it("lists all of them, page by page", async () => {
    const names = Array.from({ length: 1_201 }, (_, index) => `n${String(index).padStart(4, "0")}`);
    await using opened = await startCluster({ namespaces: Object.fromEntries(names.map((name) => [name, flyte])) });
    const found = await opened.cluster.listNamespaces(selector);
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(opened.server.requests).toEqual(["GET namespaces", "GET namespaces", "GET namespaces"]);
  });

  it("keeps connections for the next requests, in whatever namespace", async () => {
    const configMaps = { settings: { a: "b" } };
    await using opened = await startCluster({ namespaces: { x: { configMaps }, y: { configMaps } } });
    for (const namespace of Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "x" : "y"))) {
      expect(await opened.cluster.inNamespace(namespace).readConfigMap("settings")).toEqual({ a: "b" });
    }
    expect(opened.server.connections()).toBeLessThan(5);
  });

  it("gives the API server's own words where it may not list", async () => {
    await using opened = await startCluster({ forbidden: ["GET namespaces"] });
    await expect(opened.cluster.listNamespaces(selector)).rejects.toThrow(
      'namespaces is forbidden: User "u" cannot list resource "namespaces" in API group "" at the cluster scope',
    );
  });

  it("reads what stands in another namespace with the same connection", async () => {
    const podTemplates = { "task-template": { serviceAccountName: "union" }, bare: {} };
    await using opened = await startCluster({
      namespaces: {
        other: { podTemplates, serviceAccounts: ["default", "union"], annotations: { union: { role: "a" } } },
      },
    });
    const other = opened.cluster.inNamespace("other");
    expect(other.namespace).toBe("other");
    expect(await other.readPodTemplate("task-template")).toEqual({ serviceAccount: "union" });
    expect(await other.readPodTemplate("bare")).toEqual({ serviceAccount: undefined });
    expect(await other.hasServiceAccount("union")).toBe(true);
    expect(await opened.cluster.hasServiceAccount("union")).toBe(false);
    expect(await other.readAnnotations("union")).toEqual({ role: "a" });
    expect(await other.readAnnotations("default")).toEqual({});
    await expect(opened.cluster.readAnnotations("union")).rejects.toMatchObject({ status: 404 });
    await expect(opened.cluster.readPodTemplate("task-template")).rejects.toMatchObject({ status: 404 });
  });
});
