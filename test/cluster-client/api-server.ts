import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../control-plane/certificates.ts";

/** The namespace of the kubeconfig's context. */
const namespace = "union";

/** What the API server knows, and what it refuses. */
export interface ApiServerOptions {
  /** Variables of the container `operator` of Deployment `union-operator`, at each look; else there is no such Deployment. */
  operator?: () => readonly { name: string; value?: string }[];
  /** ConfigMaps by name. */
  configMaps?: Record<string, Record<string, string>>;
  /** Requests that are forbidden: all that begin with one of these, as `PATCH configmaps`. */
  forbidden?: readonly string[];
  /** Takes requests and never answers. */
  silent?: boolean;
}

/** A running API server, and what was asked of it. */
export interface ApiServer extends AsyncDisposable {
  kubeconfig: string;
  /** Each as `GET deployments/union-operator`. */
  requests: string[];
  configMaps: Record<string, Record<string, string>>;
  events: { type: string; reason: string; message: string; involvedObject: { name: string; uid: string } }[];
}

/** An API server of the few objects that a run has to do with, over TLS with a CA of its own. */
export async function startApiServer({
  operator,
  configMaps = {},
  forbidden = [],
  silent = false,
}: ApiServerOptions = {}): Promise<ApiServer> {
  const requests: string[] = [];
  const events: ApiServer["events"] = [];
  const answer = (asked: string, body: string): [status: number, object] => {
    const [verb, path = ""] = asked.split(" ");
    const [resource, name = ""] = path.split("/");
    if (forbidden.some((start) => asked.startsWith(start))) return refusal(403, `${resource} "${name}" is forbidden`);
    if (asked === "GET deployments/union-operator" && operator) return [200, deployment(operator())];
    if (asked === "POST events") return [201, events[events.push(JSON.parse(body)) - 1] ?? {}];
    const found = resource === "configmaps" ? configMaps[name] : undefined;
    if (!found) return refusal(404, `${resource} "${name}" not found`);
    if (verb === "PATCH") Object.assign(found, JSON.parse(body).data);
    return [200, { kind: "ConfigMap", data: found }];
  };

  const authority = await createAuthority("kubernetes");
  const { certificatePem, keyPem } = await authority.issue();
  const server = https.createServer({ cert: certificatePem, key: keyPem }, async (request, response) => {
    const asked = `${request.method} ${request.url?.split(`/namespaces/${namespace}/`)[1]}`;
    requests.push(asked);
    if (silent) return;
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const [status, document] = answer(asked, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), "api-server-"));
  const kubeconfig = join(folder, "kubeconfig");
  const ca = Buffer.from(authority.certificatePem).toString("base64");
  const config = {
    clusters: [{ name: "c", cluster: { server: `https://localhost:${port}`, "certificate-authority-data": ca } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace } }],
    "current-context": "x",
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    ...{ kubeconfig, requests, configMaps, events },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

function deployment(env: readonly object[]): object {
  return { spec: { template: { spec: { containers: [{ name: "operator", env }] } } } };
}

function refusal(code: number, message: string): [number, object] {
  return [code, { kind: "Status", message }];
}
