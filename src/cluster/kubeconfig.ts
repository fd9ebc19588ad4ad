import { delimiter, join } from "node:path";
import { dotted } from "../settings/names.ts";
import { fromYaml } from "../settings/sources.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { decodeText } from "../system/text-file.ts";
import { type Kubeconfig, type KubeconfigCluster, type KubeconfigUser, kubeconfigSchema } from "./kubeconfig-schema.ts";

/** An entry of a kubeconfig, and the file that it is from: relative paths start at its folder. */
interface Entry<T> {
  file: string;
  name: string;
  value: T;
}

/** What kubeconfigs say of the current context. */
export interface CurrentContext {
  namespace: string | undefined;
  cluster: Entry<KubeconfigCluster>;
  /** Absent if the context names none, or one that does not exist, which kubectl accepts. */
  user: Entry<KubeconfigUser> | undefined;
}

interface ReadKubeconfig {
  file: string;
  config: Kubeconfig;
}

/**
 * The current context of the files in KUBECONFIG, else of ~/.kube/config, by the rules of kubectl 1.37: a missing file is
 * skipped; of several files, the first that has an entry or a current-context counts, and nothing else of a later entry of that
 * name is used.
 * @returns nothing if there is no kubeconfig, or only empty ones
 * @throws {Error} if one cannot be read or used; the message names the file and repeats no value
 */
export function readKubeconfigs(environment: Environment, readFile: ReadFile): CurrentContext | undefined {
  const configs = filesOf(environment).flatMap((file) => readOne(file, readFile) ?? []);
  if (configs.every(({ config }) => isEmpty(config))) return undefined;
  const files = configs.map(({ file }) => file).join(", ");
  const chosen = configs.find(({ config }) => config["current-context"] !== undefined)?.config["current-context"];
  if (chosen === undefined) throw new Error(`the kubeconfig (${files}) has no current-context`);
  const context = firstEntry(chosen, configs, ({ contexts }) => contexts);
  if (!context) throw new Error(`the kubeconfig (${files}) does not have its current-context ${chosen}`);
  const { cluster: clusterName, user: userName, namespace } = context.value;
  const cluster = firstEntry(clusterName, configs, ({ clusters }) => clusters);
  if (!cluster?.value.server) {
    const missing = cluster ? `server in cluster ${cluster.name}` : "cluster";
    throw new Error(`the kubeconfig (${files}) has no ${missing} for its current-context ${chosen}`);
  }
  return { namespace, cluster, user: firstEntry(userName, configs, ({ users }) => users) };
}

function filesOf({ KUBECONFIG: list, HOME: home }: Environment): string[] {
  if (list) return list.split(delimiter).filter((file) => file !== "");
  return home ? [join(home, ".kube", "config")] : [];
}

function readOne(file: string, readFile: ReadFile): ReadKubeconfig | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`the kubeconfig ${file} cannot be read`, { cause: error });
  }
  try {
    return { file, config: parse(decodeText(bytes)) };
  } catch (error) {
    throw new Error(`the kubeconfig ${file} cannot be used`, { cause: error });
  }
}

function parse(content: string): Kubeconfig {
  const { data, error } = kubeconfigSchema.safeParse(fromYaml(content, "python"));
  if (data) return data;
  const [issue] = error.issues;
  throw new Error(`${dotted(issue?.path ?? [])}: ${issue?.message}`);
}

/** The entry of that name in the first file that has one. */
function firstEntry<T>(
  name: string | undefined,
  configs: readonly ReadKubeconfig[],
  entriesOf: (config: Kubeconfig) => ReadonlyMap<string, T>,
): Entry<T> | undefined {
  if (name === undefined) return undefined;
  for (const { file, config } of configs) {
    const value = entriesOf(config).get(name);
    if (value !== undefined) return { file, name, value };
  }
  return undefined;
}

function isEmpty({ clusters, users, contexts, "current-context": current }: Kubeconfig): boolean {
  return clusters.size + users.size + contexts.size === 0 && current === undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
