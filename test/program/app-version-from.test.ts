import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAuthority } from "../control-plane/certificates.ts";
import { startControlPlane } from "../control-plane/start.ts";
import { against, runForReport, runProgram } from "./run-program.ts";

const source = ["--app-version-from", "deployment/union-operator"];

describe("appVersionFrom", () => {
  it("takes the release from a Deployment in the context's namespace", async () => {
    await using plane = await startControlPlane();
    await using cluster = await startCluster({ env: [{ name: "HELM_APP_VERSION", value: "2026.8.3" }] });
    const env = { KUBECONFIG: cluster.kubeconfig };
    const report = await runForReport(["register", ...against(plane), ...source], { env });
    expect(report).toMatchObject({ state: "registered", current: { version: "2026.8.3" } });
    expect(cluster.requests).toEqual(["GET /apis/apps/v1/namespaces/union/deployments/union-operator"]);
  });

  it("gives way to appVersion, and asks no cluster then", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4" });
    const report = await runForReport(["register", ...against(plane), ...source, "--app-version", "2026.3.4"]);
    expect(report).toMatchObject({ state: "up-to-date" });
  });

  it.each([
    { env: [], words: "no container of it (operator) in namespace union has HELM_APP_VERSION" },
    { env: [{ name: "HELM_APP_VERSION", value: "" }], words: "HELM_APP_VERSION in namespace union is empty" },
    { status: 403, words: "forbidden to read deployments" },
    { status: 404, words: "deployments.apps not found" },
  ])("ends with 2 and says why: $words", async ({ words, ...answer }) => {
    await using plane = await startControlPlane();
    await using cluster = await startCluster(answer);
    const run = await runProgram(["register", ...against(plane), ...source], {
      env: { KUBECONFIG: cluster.kubeconfig },
    });
    expect(run).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("ERROR app-version-not-found") });
    expect(run.stdout).toContain(words);
    expect(plane.calls).toEqual([]);
  });

  it("says so where there is no cluster", async () => {
    await using plane = await startControlPlane();
    const run = await runProgram(["register", ...against(plane), ...source], { env: { HOME: "/nonexistent" } });
    expect(run).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("there is no kubeconfig here") });
  });
});

interface Cluster extends AsyncDisposable {
  kubeconfig: string;
  requests: string[];
}

/** An API server that knows one Deployment, over TLS with a CA of its own. */
async function startCluster(answer: { env?: object[]; status?: number }): Promise<Cluster> {
  const authority = await createAuthority("kubernetes");
  const { certificatePem, keyPem } = await authority.issue();
  const requests: string[] = [];
  const messages: Record<number, string> = { 403: "forbidden to read deployments", 404: "deployments.apps not found" };
  const server = https.createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const deployment = { spec: { template: { spec: { containers: [{ name: "operator", env: answer.env }] } } } };
    const status = { kind: "Status", message: messages[answer.status ?? 0] };
    response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.status ? status : deployment));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "cluster-"));
  const kubeconfig = join(folder, "kubeconfig");
  const ca = Buffer.from(authority.certificatePem).toString("base64");
  const { port } = server.address() as AddressInfo;
  const config = {
    clusters: [{ name: "c", cluster: { server: `https://localhost:${port}`, "certificate-authority-data": ca } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "union" } }],
    "current-context": "x",
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
