import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../certificates/certificates.ts";

/** The namespace of the kubeconfig's context. */
const namespace = "union";

/** What the API server knows, and what it refuses. */
export interface ApiServerOptions {
  /** Variables of the container `operator` of Deployment `union-operator`, at each look; else there is no such Deployment. */
  operator?: () => readonly { name: string; value?: string }[];
  /** ConfigMaps by name. */
  configMaps?: Record<string, Record<string, string>>;
  /** Service accounts, in every namespace; "default" unless told otherwise. */
  serviceAccounts?: readonly string[];
  /** Endpoints of Services: whether each is ready. A Service that is not named has no EndpointSlice. */
  services?: Readonly<Record<string, readonly boolean[]>>;
  /** Requests that are forbidden: all that begin with one of these, as `PATCH configmaps`. */
  forbidden?: readonly string[];
  /** Knows nobody: every request gets 401. */
  knowsNobody?: boolean;
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
  /** Stops listening; the kubeconfig stays. */
  stop(): void;
}

/** An API server of the few objects that a run has to do with, over TLS with a CA of its own. */
export async function startApiServer({
  operator,
  configMaps = {},
  serviceAccounts = ["default"],
  services = {},
  forbidden = [],
  knowsNobody = false,
  silent = false,
}: ApiServerOptions = {}): Promise<ApiServer> {
  const requests: string[] = [];
  const events: ApiServer["events"] = [];
  const answer = (asked: string, body: string): [status: number, object] => {
    const [verb, path = ""] = asked.split(" ");
    const [resource, name = ""] = path.split("/");
    if (knowsNobody) return refusal(401, "Unauthorized");
    if (asked === "GET version") return [200, { gitVersion: "v1.37.2" }];
    if (forbidden.some((start) => asked.startsWith(start))) return refusal(403, `${resource} "${name}" is forbidden`);
    if (asked === "GET deployments/union-operator" && operator) return [200, deployment(operator())];
    if (asked === "POST events") return [201, events[events.push(JSON.parse(body)) - 1] ?? {}];
    if (resource === "serviceaccounts" && serviceAccounts.includes(name)) return [200, { kind: "ServiceAccount" }];
    if (resource === "endpointslices") return [200, { items: slicesOf(services, name) }];
    const found = resource === "configmaps" ? configMaps[name] : undefined;
    if (!found) return refusal(404, `${resource} "${name}" not found`);
    if (verb === "PATCH") Object.assign(found, JSON.parse(body).data);
    return [200, { kind: "ConfigMap", data: found }];
  };

  const authority = await createAuthority("kubernetes");
  const { certificatePem, keyPem } = await authority.issue();
  const server = https.createServer({ cert: certificatePem, key: keyPem }, async (request, response) => {
    const asked = `${request.method} ${askedPath(new URL(request.url ?? "", "https://localhost"))}`;
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
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return {
    kubeconfig,
    requests,
    configMaps,
    events,
    stop,
    async [Symbol.asyncDispose]() {
      stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** `configmaps/settings`, or `elsewhere/configmaps/settings` in another namespace; of a list the Service it is of. */
function askedPath({ pathname, searchParams }: URL): string {
  const [, where, path] = /\/namespaces\/([^/]+)\/(.+)/.exec(pathname) ?? [];
  if (path === undefined) return pathname.replaceAll("/", "");
  const service = /^kubernetes.io\/service-name=(.+)$/.exec(searchParams.get("labelSelector") ?? "")?.[1];
  const isOwn = where === namespace || path.startsWith("serviceaccounts/");
  return `${isOwn ? "" : "elsewhere/"}${path}${service === undefined ? "" : `/${service}`}`;
}

/** As Kubernetes makes them: one slice for a Service, with null in place of an empty list. */
function slicesOf(services: NonNullable<ApiServerOptions["services"]>, name: string): object[] {
  const states = services[name];
  if (!states) return [];
  const endpoints = states.map((ready) => ({ addresses: ["10.0.0.1"], conditions: { ready } }));
  return [{ addressType: "IPv4", endpoints: endpoints.length === 0 ? null : endpoints }];
}

function deployment(env: readonly object[]): object {
  return { spec: { template: { spec: { containers: [{ name: "operator", env }] } } } };
}

function refusal(code: number, message: string): [number, object] {
  return [code, { kind: "Status", message }];
}
