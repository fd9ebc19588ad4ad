import type { Asked } from "./status.ts";

/** The namespace of the kubeconfig's context. */
export const ownNamespace = "union";

/** A request, taken apart. */
export interface AskedRequest extends Asked {
  /** As tests name it: `GET configmaps/settings`. */
  text: string;
  query: URLSearchParams;
}

const verbs: Readonly<Record<string, string>> = { POST: "create", PATCH: "patch" };

/** Takes the path of a request apart: `/api/v1/namespaces/union/configmaps/settings`. */
export function parseRequest(method: string, { pathname, searchParams: query }: URL): AskedRequest {
  const path = /^\/(?:api|apis\/([^/]+))\/v1(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(pathname);
  const [, group = "", where = "", resource = pathname.slice(1), name = ""] = path ?? [];
  const service = serviceOf(query);
  const parts = [where === ownNamespace ? "" : where, resource, name || service].filter((part) => part !== "");
  const verb = verbs[method] ?? (name === "" ? "list" : "get");
  return { verb, group, namespace: where, resource, name, text: `${method} ${parts.join("/")}`, query };
}

/** The Service whose EndpointSlices a list is of. */
export function serviceOf(query: URLSearchParams): string {
  return /^kubernetes.io\/service-name=(.+)$/.exec(query.get("labelSelector") ?? "")?.[1] ?? "";
}
