import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../certificates/certificates.ts";
import { type AskedRequest, ownNamespace, parseRequest, serviceOf } from "./asked-request.ts";
import { listNamespaces } from "./namespace-list.ts";
import { deployment, endpointSlices, listed, type NamespaceObjects, objectOf } from "./objects.ts";
import { type Answer, refusals } from "./status.ts";

/** What the API server knows, and what it refuses; the objects are those of namespace `union`. */
export interface ApiServerOptions extends NamespaceObjects {
  /** Variables of the container `operator` of Deployment `union-operator`, at each look; else there is no such Deployment. */
  operator?: () => readonly { name: string; value?: string }[];
  /** Further namespaces by name. */
  namespaces?: Record<string, NamespaceObjects>;
  /** Endpoints of Services: whether each is ready. A Service that is not named has no EndpointSlice. */
  services?: Readonly<Record<string, readonly boolean[]>>;
  /** Requests that are forbidden: all that begin with one of these, as `PATCH configmaps` or `GET other/configmaps`. */
  forbidden?: readonly string[];
  /** Knows nobody: every request gets 401. */
  knowsNobody?: boolean;
  /** Takes requests and never answers. */
  silent?: boolean;
  /** The kubeconfig trusts the intermediate CA that issued the certificate, and not its root. */
  trustsIntermediate?: boolean;
}

/** A running API server, and what was asked of it. */
export interface ApiServer extends AsyncDisposable {
  kubeconfig: string;
  /** Each as `GET deployments/union-operator`, in another namespace than `union` as `GET other/configmaps/settings`. */
  requests: string[];
  configMaps: Record<string, Record<string, string>>;
  /** Annotations that patches have given to ConfigMaps, by their name. */
  configMapAnnotations: Record<string, Record<string, string>>;
  /** How many connections it has accepted. */
  connections(): number;
  /** All namespaces, `union` among them. */
  namespaces: Record<string, NamespaceObjects>;
  events: { type: string; reason: string; message: string; involvedObject: { name: string; uid: string } }[];
  /** Stops listening; the kubeconfig stays. */
  stop(): void;
}

/** An API server of the few objects that a run has to do with, over TLS with a CA of its own. */
export async function startApiServer({
  operator,
  namespaces = {},
  services = {},
  forbidden = [],
  knowsNobody = false,
  silent = false,
  configMaps = {},
  trustsIntermediate = false,
  ...own
}: ApiServerOptions = {}): Promise<ApiServer> {
  const requests: string[] = [];
  const events: ApiServer["events"] = [];
  const configMapAnnotations: ApiServer["configMapAnnotations"] = {};
  const all: Record<string, NamespaceObjects> = { ...namespaces, [ownNamespace]: { ...own, configMaps } };
  const answer = (request: AskedRequest, body: string): Answer => {
    const { verb, resource, name } = request;
    if (knowsNobody) return refusals.unauthorized();
    if (resource === "version") return [200, { gitVersion: "v1.37.2" }];
    if (forbidden.some((start) => request.text.startsWith(start))) return refusals.forbidden(request);
    if (resource === "namespaces" && verb === "list") return listNamespaces(listed(all), request.query);
    if (resource === "events") return [201, events[events.push(JSON.parse(body)) - 1] ?? {}];
    if (resource === "endpointslices") return [200, { items: endpointSlices(services[serviceOf(request.query)]) }];
    const isOperator = operator && request.text === "GET deployments/union-operator";
    const found = isOperator ? deployment(operator()) : objectOf(all[request.namespace], request);
    if (!found) return refusals.notFound(request);
    if (verb === "patch") {
      const { data, metadata } = JSON.parse(body);
      Object.assign(all[request.namespace]?.configMaps?.[name] ?? {}, data);
      configMapAnnotations[name] = { ...configMapAnnotations[name], ...metadata?.annotations };
    }
    return [200, found];
  };

  const root = await createAuthority("kubernetes");
  const authority = trustsIntermediate ? await root.issueAuthority("kubernetes-intermediate") : root;
  const { certificatePem, keyPem } = await authority.issue();
  const server = https.createServer({ cert: certificatePem, key: keyPem }, async (request, response) => {
    const asked = parseRequest(request.method ?? "", new URL(request.url ?? "", "https://localhost"));
    requests.push(asked.text);
    if (silent) return;
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const [status, document] = answer(asked, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(document));
  });
  let accepted = 0;
  server.on("secureConnection", () => accepted++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), "api-server-"));
  const kubeconfig = join(folder, "kubeconfig");
  const ca = Buffer.from(authority.certificatePem).toString("base64");
  const config = {
    clusters: [{ name: "c", cluster: { server: `https://localhost:${port}`, "certificate-authority-data": ca } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: ownNamespace } }],
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
    configMapAnnotations,
    namespaces: all,
    events,
    connections: () => accepted,
    stop,
    async [Symbol.asyncDispose]() {
      stop();
      await rm(folder, { recursive: true });
    },
  };
}
