import { dirname, isAbsolute, join } from "node:path";
import type { Cluster, User } from "@kubernetes/client-node";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { readText } from "../system/text-file.ts";
import { noCluster } from "./cluster.ts";
import { type CurrentContext, readKubeconfigs } from "./kubeconfig.ts";
import type { KubeconfigUser } from "./kubeconfig-schema.ts";

/** How to reach an API server. */
export type ClusterAccess =
  /** As the service account of this pod. */
  | { kind: "pod" }
  | {
      kind: "kubeconfig";
      namespace: string | undefined;
      cluster: Cluster;
      user: User;
      /** On whose behalf, in addition to the user. */
      headers: Readonly<Record<string, string>>;
    };

/** The kubelet mounts it into pods that may use the API server. */
const podToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * The cluster of the kubeconfig, else that of this pod, as kubectl finds it.
 * @throws {Error} of `noCluster`; if the kubeconfig or a file that it names cannot be used
 */
export function clusterAccess(environment: Environment, readFile: ReadFile): ClusterAccess {
  const context = readKubeconfigs(environment, readFile);
  if (context) return fromContext(context, readFile);
  if (isPod(environment, readFile)) return { kind: "pod" };
  const { KUBECONFIG: list } = environment;
  throw noCluster(list ? `no file of KUBECONFIG (${list}) exists, or all are empty` : undefined);
}

function isPod(environment: Environment, readFile: ReadFile): boolean {
  if (!environment["KUBERNETES_SERVICE_HOST"] || !environment["KUBERNETES_SERVICE_PORT"]) return false;
  try {
    readFile(podToken);
    return true;
  } catch {
    // `automountServiceAccountToken: false`: the pod may not use the API server.
    return false;
  }
}

/** Data in an entry overrides the file that it names, and the file with a token the token, as with kubectl. */
function fromContext({ namespace, cluster, user }: CurrentContext, readFile: ReadFile): ClusterAccess {
  const { value, file } = cluster;
  const caData = value["certificate-authority-data"];
  const caFile = pathFrom(file, value["certificate-authority"]);
  const skipVerify = value["insecure-skip-tls-verify"];
  const server = serverOf(value.server ?? "", caData !== undefined || caFile !== undefined || skipVerify);
  const isPlain = server.startsWith("http:");
  return {
    kind: "kubeconfig",
    namespace,
    cluster: {
      name: cluster.name,
      server,
      // The client refuses plain HTTP without it.
      skipTLSVerify: skipVerify || isPlain,
      ...(caData !== undefined ? { caData } : optional("caFile", caFile)),
      ...optional("tlsServerName", value["tls-server-name"]),
      ...optional("proxyUrl", value["proxy-url"]),
    },
    // Nobody's credentials are sent in clear text. Without a user, the client would not use the CA either.
    user: user && !isPlain ? userOf(user, readFile) : { name: user?.name ?? "" },
    headers: user ? impersonation(user.value, user.file) : {},
  };
}

/** A server may be written without a scheme: it is https if there is something about TLS. */
function serverOf(written: string, isTls: boolean): string {
  const server = /^[a-z]+:\/\//i.test(written) ? written : `${isTls ? "https" : "http"}://${written}`;
  return server.replace(/(?<!\/)\/+$/, "");
}

function userOf({ name, value, file }: NonNullable<CurrentContext["user"]>, readFile: ReadFile): User {
  const certData = value["client-certificate-data"];
  const keyData = value["client-key-data"];
  const { exec, tokenFile } = value;
  const token = tokenFile === undefined ? value.token : readToken(pathFrom(file, tokenFile) ?? "", file, readFile);
  return {
    name,
    ...(certData !== undefined ? { certData } : optional("certFile", pathFrom(file, value["client-certificate"]))),
    ...(keyData !== undefined ? { keyData } : optional("keyFile", pathFrom(file, value["client-key"]))),
    ...optional("token", token),
    ...(value.username !== undefined && { username: value.username, password: value.password ?? "" }),
    ...(exec && { exec: { ...exec, command: commandFrom(file, exec.command) } }),
    ...(value["auth-provider"] && { authProvider: value["auth-provider"] }),
  };
}

/** Read anew for each run, which is shorter than the life of a token. */
function readToken(tokenFile: string, file: string, readFile: ReadFile): string {
  try {
    return readText(tokenFile, readFile).trim();
  } catch (error) {
    throw new Error(`the tokenFile of the kubeconfig ${file} cannot be read`, { cause: error });
  }
}

/** A name is looked for on PATH; a relative path starts at the kubeconfig, as with kubectl. */
function commandFrom(file: string, command: string): string {
  return command.includes("/") ? (pathFrom(file, command) ?? command) : command;
}

function pathFrom(file: string, path: string | undefined): string | undefined {
  return path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
}

/**
 * The headers of impersonation.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 * @throws {Error} for several values under one name, which the client cannot send
 */
function impersonation(user: KubeconfigUser, file: string): Record<string, string> {
  const extra = Object.entries(user["as-user-extra"]).map(
    ([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values] as const,
  );
  const headers = [
    ["Impersonate-User", user.as === undefined ? [] : [user.as]],
    ["Impersonate-Uid", user["as-uid"] === undefined ? [] : [user["as-uid"]]],
    ["Impersonate-Group", user["as-groups"]],
    ...extra,
  ] as const;
  const several = headers.find(([, values]) => values.length > 1);
  if (several) {
    throw new Error(`the kubeconfig ${file} has several values for ${several[0]}, of which only one can be sent here`);
  }
  return Object.fromEntries(headers.flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])));
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string });
}
