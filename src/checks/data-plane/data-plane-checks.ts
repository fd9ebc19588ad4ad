import { type Cluster, isNoCluster, isNotFound, type OpenCluster } from "../../cluster/cluster.ts";
import { type Code, describeCause, finding, problem } from "../../findings/registrar-error.ts";
import type { GivenSettings } from "../../settings/load.ts";
import type { Check, Outcome, Suite, Unknown } from "../engine/suite.ts";
import { type BuildConfig, requireSound } from "./build-config.ts";

interface FoundConfig {
  configMap: { namespace: string; name: string };
  data: Readonly<Record<string, string>>;
}

/** The service account of pods that name none. */
const defaultAccount = "default";

/**
 * What build pods find where they run: their ConfigMap with sane values, and their service account.
 * @param namespaces where builds run; "" is that of the kubeconfig's context, or of this pod
 * @returns the values of each namespace, for the checks of what they name
 */
export function dataPlaneChecks(
  suite: Suite,
  given: Check<GivenSettings>,
  namespaces: readonly string[],
  openCluster: OpenCluster,
): Check<BuildConfig>[] {
  const category = "data-plane";
  const cluster = suite.check({
    ...{
      category,
      name: "cluster",
      title: "the API server answers",
      severity: "error",
      needs: [given],
      // It loads the library first, which takes 8 s on the tenth of a core that a full node leaves.
      deadline: 15_000,
    },
    run: async (_found, signal): Promise<Outcome<string>> => {
      try {
        const version = await (await openCluster(namespaces[0] ?? "", signal)).version();
        return { value: version, detail: `Kubernetes ${version}` };
      } catch (error) {
        if (isNoCluster(error)) return { notNeeded: error.message };
        return { unknown: finding("warning", "cluster-unreachable", {}, causeOf(error, signal)) };
      }
    },
  });
  return namespaces.map((namespace) => {
    const suffix = namespaces.length > 1 ? ` ${namespace}` : "";
    const config = suite.check({
      ...{ category, name: `config-map${suffix}`, title: "build pods find their ConfigMap", severity: "error" },
      ...{ needs: [given, cluster], deadline: 10_000 },
      run: async ([{ settings }], signal): Promise<Outcome<FoundConfig>> => {
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
    });
    suite.check({
      ...{ category, name: `account${suffix}`, title: "their service account is there", severity: "error" },
      ...{ needs: [given, cluster], deadline: 10_000 },
      run: async ([{ settings }], signal) => {
        const opened = await openCluster(namespace, signal);
        const account = settings.task.podTemplate.serviceAccountName ?? defaultAccount;
        const place = { account, namespace: opened.namespace };
        let there: boolean;
        try {
          there = await opened.hasServiceAccount(account);
        } catch (error) {
          return unreadable(`service account ${place.namespace}/${account}`, error, signal);
        }
        if (!there) throw problem("service-account-missing", place);
        return { value: undefined, detail: `${place.namespace}/${account}` };
      },
    });
    return suite.check({
      ...{ category, name: `values${suffix}`, title: "the values in it are sound", severity: "error" },
      ...{ needs: [config], deadline: 1_000 },
      run: ([{ configMap, data }]): Outcome<BuildConfig> => {
        const value = requireSound(configMap, data);
        return { value, detail: `images go to ${value.repository}, log-in ${value.authentication}` };
      },
    });
  });
}

/** The chart makes the ConfigMap in its own namespace; into others the operator copies it. */
function missingCode({ namespace }: Cluster, ofRelease: string) {
  const isOwn = ofRelease === "" || namespace === ofRelease;
  return (isOwn ? "build-config-missing" : "build-config-not-copied") satisfies Code;
}

function unreadable(subject: string, error: unknown, signal: AbortSignal): Unknown {
  return { unknown: finding("warning", "cluster-unreadable", { subject }, causeOf(error, signal)) };
}

function causeOf(error: unknown, signal: AbortSignal): string {
  return signal.aborted ? "no answer in time" : describeCause(error);
}
