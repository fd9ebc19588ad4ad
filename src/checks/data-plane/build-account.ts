import type { Cluster } from "../../cluster/cluster.ts";
import type { AccountSource } from "../../findings/catalog/data-plane-codes.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import type { Settings } from "../../settings/schema.ts";
import { readIfThere } from "./each-namespace.ts";

/** The PodTemplate of the data plane chart, which Flyte takes for every task. */
export const podTemplate = "task-template";

/** The account of pods that name none. */
const defaultAccount = "default";

/** The service account of build pods in one namespace. */
export interface BuildAccount {
  account: string;
  namedBy: AccountSource;
  /** Why the PodTemplate, which may name another, could not be read; empty if it could. */
  unread: string;
}

/**
 * Finds which service account build pods get: that of the registered task, else of PodTemplate task-template (of the namespace
 * or, if it has none, of the data plane's, as Flyte looks for it), else of `cluster.buildServiceAccount`, else `default`. That
 * the PodTemplate cannot be read is no failure.
 * @param home the cluster in the data plane's namespace
 * @returns a function of the namespace
 */
export function accountFinder(home: Cluster, settings: Settings): (namespace: string) => Promise<BuildAccount> {
  const ofTask = settings.task.podTemplate.serviceAccountName;
  const { buildServiceAccount: ofSetting } = settings.cluster;
  const otherwise = (unread: string): BuildAccount =>
    ofSetting === undefined
      ? { account: defaultAccount, namedBy: "nothing", unread }
      : { account: ofSetting, namedBy: "setting", unread };
  // Asked once, for all namespaces that have none of their own.
  let asked: Promise<ReadTemplate> | undefined;
  const readHome = () => {
    asked ??= readTemplate(home);
    return asked;
  };
  return async (namespace) => {
    if (ofTask !== undefined) return { account: ofTask, namedBy: "task", unread: "" };
    const own = await (namespace === home.namespace ? readHome() : readTemplate(home.inNamespace(namespace)));
    const read = own.template ? own : await readHome();
    const account = read.template?.serviceAccount;
    if (account !== undefined) return { account, namedBy: "PodTemplate", unread: "" };
    return otherwise(own.unread || read.unread);
  };
}

interface ReadTemplate {
  /** Absent if there is none, or if it could not be read. */
  template?: { serviceAccount: string | undefined };
  unread: string;
}

async function readTemplate(cluster: Cluster): Promise<ReadTemplate> {
  try {
    const template = await readIfThere(() => cluster.readPodTemplate(podTemplate));
    return { ...(template && { template }), unread: "" };
  } catch (error) {
    return { unread: describeCause(error) };
  }
}
