/** An answer of the API server: HTTP status and body. */
export type Answer = [status: number, body: object];

/** What a request is about. */
export interface Asked {
  /** `get`, `list`, `patch`, `create` */
  verb: string;
  /** `configmaps`, `deployments` */
  resource: string;
  /** `apps`; empty for the core. */
  group: string;
  name: string;
  /** Empty for the cluster's own objects. */
  namespace: string;
}

/** Bodies of a refusal as Kubernetes 1.37 writes them. */
export const refusals = {
  unauthorized: (): Answer => status(401, "Unauthorized", "Unauthorized"),
  forbidden: ({ verb, resource, group, name, namespace }: Asked): Answer => {
    const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
    const object = `${resource}${group && `.${group}`}${name && ` "${name}"`}`;
    const what = `cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
    return status(403, "Forbidden", `${object} is forbidden: User "u" ${what}`);
  },
  notFound: ({ resource, group, name }: Asked): Answer =>
    status(404, "NotFound", `${resource}${group && `.${group}`} "${name}" not found`),
  badRequest: (message: string): Answer => status(400, "BadRequest", message),
} as const;

function status(code: number, reason: string, message: string): Answer {
  return [code, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code }];
}
