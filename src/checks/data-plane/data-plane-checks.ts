import { type Cluster, isNoCluster, isNotFound } from "../../cluster/cluster.ts";
import type { Code } from "../../findings/catalog/catalog.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { finding } from "../../findings/finding.ts";
import { problem } from "../../findings/registrar-error.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Outcome, Unknown } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { type BuildConfig, requireSound } from "./build-config.ts";

interface FoundConfig {
  configMap: { namespace: string; name: string };
  data: Readonly<Record<string, string>>;
}

/** What builds find in one namespace. */
export interface NamespaceChecks {
  namespace: string;
  /** Of the checks of this namespace, if there are several. */
  scope: string | undefined;
  config: Check<BuildConfig>;
}

/** The service account of pods that name none. */
const defaultAccount = "default";

/** Build pods find their ConfigMap with sane values, and their service account, in each namespace where builds run. */
export function dataPlaneChecks(
  suite: Suite,
  { namespaces, world: { openCluster } }: CheckContext,
  given: Check<GivenSettings>,
): NamespaceChecks[] {
  const cluster = suite.check(
    "data-plane/cluster",
    "the API server answers",
    { needs: [given], deadline: deadlines.checkCluster },
    async (_found, signal): Promise<Outcome<string>> => {
      try {
        const version = await (await openCluster(namespaces[0] ?? "", signal)).version();
        return { value: version, detail: `Kubernetes ${version}` };
      } catch (error) {
        if (isNoCluster(error)) return { notNeeded: error.message };
        return { unknown: finding("warning", "cluster-unreachable", {}, reasonOf(error, signal)) };
      }
    },
  );
  return namespaces.map((namespace) => {
    const scope = namespaces.length > 1 ? namespace : undefined;
    const needs = [given, cluster] as const;
    const deadline = deadlines.checkObject;
    const configMapCheck = suite.check(
      "data-plane/config-map",
      "build pods find their ConfigMap",
      { needs, deadline, scope },
      async ([{ settings }], signal): Promise<Outcome<FoundConfig>> => {
        const opened = await openCluster(namespace, signal);
        const configMap = { namespace: opened.namespace, name: settings.task.configMapName };
        const place = `${configMap.namespace}/${configMap.name}`;
        try {
          return { value: { configMap, data: await opened.readConfigMap(configMap.name) }, detail: place };
        } catch (error) {
          if (isNotFound(error)) throw problem(missingCode(opened, settings.release.namespace), configMap, error);
          return unreadable(`ConfigMap ${place}`, error, signal);
        }
      },
    );
    suite.check(
      "data-plane/account",
      "their service account exists",
      { needs, deadline, scope },
      async ([{ settings }], signal): Promise<Outcome<undefined>> => {
        const opened = await openCluster(namespace, signal);
        const account = settings.task.podTemplate.serviceAccountName ?? defaultAccount;
        const place = `${opened.namespace}/${account}`;
        let exists: boolean;
        try {
          exists = await opened.hasServiceAccount(account);
        } catch (error) {
          return unreadable(`service account ${place}`, error, signal);
        }
        if (!exists) throw problem("service-account-missing", { account, namespace: opened.namespace });
        return { value: undefined, detail: place };
      },
    );
    const config = suite.check(
      "data-plane/values",
      "its values are valid",
      { needs: [configMapCheck], deadline: deadlines.checkOffline, scope },
      ([{ configMap, data }]): Outcome<BuildConfig> => {
        const value = requireSound(configMap, data);
        return { value, detail: `images go to ${value.repository}, registry login ${value.authentication}` };
      },
    );
    return { namespace, scope, config };
  });
}

/** The chart creates the ConfigMap in its own namespace; the operator copies it into others. */
function missingCode({ namespace }: Cluster, ofHelmRelease: string) {
  const isOwn = ofHelmRelease === "" || namespace === ofHelmRelease;
  return (isOwn ? "build-config-missing" : "build-config-not-copied") satisfies Code;
}

function unreadable(subject: string, error: unknown, signal: AbortSignal): Unknown {
  return { unknown: finding("warning", "cluster-unreadable", { subject }, reasonOf(error, signal)) };
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  return signal.aborted ? "no answer in time" : describeCause(error);
}
