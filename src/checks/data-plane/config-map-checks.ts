import type { Cluster, OpenCluster } from "../../cluster/cluster.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { accountFinder } from "./build-account.ts";
import {
  type BuildConfig,
  type ConfigMap,
  loginFaults,
  readBuildConfig,
  repositoryFaults,
  writingFaults,
} from "./build-config.ts";
import { differences } from "./differences.ts";
import {
  type Fault,
  fault,
  judge,
  outcomeOf,
  type Places,
  placedText,
  readIfThere,
  survey,
  unlessUnreadable,
} from "./each-namespace.ts";

/** What the checks of the ConfigMap find, for the others. */
export interface ConfigMapChecks {
  present: Check<Places<ConfigMap>>;
  /** The values of each that is written well. */
  values: Check<Places<BuildConfig>>;
}

/** The ConfigMap is in each namespace where builds run, and its values can be used. */
export function configMapChecks(
  suite: Suite,
  openCluster: OpenCluster,
  { given, namespaces }: { given: Check<GivenSettings>; namespaces: Check<readonly string[]> },
): ConfigMapChecks {
  const offline = deadlines.checkOffline;
  const present = suite.check(
    "data-plane/config-map",
    "build pods find their ConfigMap",
    { needs: [given, namespaces], deadline: deadlines.checkObject },
    async ([{ settings }, names], signal): Promise<Outcome<Places<ConfigMap>>> => {
      const home = await openCluster(settings.release.namespace, signal);
      const accountOf = accountFinder(home, settings);
      const name = settings.task.configMapName;
      const found = await survey(names, (namespace) =>
        unlessUnreadable({ kind: "ConfigMap", name }, signal, async () => {
          const cluster = home.inNamespace(namespace);
          const data = await readIfThere(() => cluster.readConfigMap(name));
          if (data) return { value: { name, data } };
          if (namespace === home.namespace) return { fault: fault("error", "build-config-missing", { name }) };
          return { fault: await notCopied(name, cluster, (await accountOf(namespace)).account) };
        }),
      );
      return outcomeOf(found, (sound) => placedText(sound, name));
    },
  );
  const values = suite.check(
    "data-plane/values",
    "its values are complete",
    { needs: [present], deadline: offline },
    ([places]): Outcome<Places<BuildConfig>> => {
      const { sound, faults } = judge(places, writingFaults);
      const configs = sound.map(({ namespace, of }) => ({ namespace, of: readBuildConfig(of) }));
      // A value that is wrong by itself gets its own finding below, and none for being different.
      const comparable = configs.filter(({ of }) => [...repositoryFaults(of), ...loginFaults(of)].length === 0);
      return outcomeOf({ sound: configs, faults: [...faults, ...differences(comparable)] }, () => "each key is there");
    },
  );
  suite.check(
    "data-plane/repository",
    "built images have a repository",
    { needs: [values], deadline: offline },
    ([configs]): Outcome<Places<BuildConfig>> =>
      outcomeOf(judge(configs, repositoryFaults), (sound) => distinct(sound.map(({ of }) => of.repository))),
  );
  suite.check(
    "data-plane/login",
    "the login to its registry is known",
    { needs: [values], deadline: offline },
    ([configs]): Outcome<Places<BuildConfig>> =>
      outcomeOf(judge(configs, loginFaults), (sound) => distinct(sound.map(({ of }) => of.authentication))),
  );
  return { present, values };
}

/**
 * The fault of a namespace without the ConfigMap: where its service account is missing, too, nothing has set it up at all. An
 * account that cannot be read may be there; the reason says so.
 */
async function notCopied(name: string, cluster: Cluster, account: string): Promise<Fault> {
  try {
    return (await cluster.hasServiceAccount(account))
      ? fault("error", "build-config-not-copied", { name })
      : fault("error", "build-namespace-unprovisioned", { name, account });
  } catch (error) {
    const why = `service account ${account} cannot be read: ${describeCause(error)}`;
    return fault("error", "build-config-not-copied", { name }, why);
  }
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join(", ");
}
