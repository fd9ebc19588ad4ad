import { isNoCluster } from "../../cluster/cluster.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { finding } from "../../findings/finding.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { accountFinder, type BuildAccount, podTemplate } from "./build-account.ts";
import type { BuildConfig } from "./build-config.ts";
import { findBuildNamespaces } from "./build-namespaces.ts";
import { configMapChecks } from "./config-map-checks.ts";
import {
  type Fault,
  fault,
  outcomeOf,
  type Placed,
  type Places,
  placedText,
  survey,
  unlessUnreadable,
} from "./each-namespace.ts";

/**
 * In each namespace where builds run, their pods find a ConfigMap with sound values, and their service account. Each check is
 * one line for all namespaces; what is wrong in some of them does not stop the checks of the others.
 * @returns the values of each namespace where they can be used
 */
export function dataPlaneChecks(
  suite: Suite,
  { world: { openCluster } }: CheckContext,
  given: Check<GivenSettings>,
): Check<Places<BuildConfig>> {
  const deadline = deadlines.checkObject;
  const cluster = suite.check(
    "data-plane/cluster",
    "the API server answers",
    { needs: [given], deadline: deadlines.checkCluster },
    async ([{ settings }], signal): Promise<Outcome<string>> => {
      try {
        const version = await (await openCluster(settings.release.namespace, signal)).version();
        return { value: version, detail: `Kubernetes ${version}` };
      } catch (error) {
        if (isNoCluster(error)) return { notHere: error.message };
        const why = signal.aborted ? "no answer in time" : describeCause(error);
        return { unknown: finding("warning", "cluster-unreachable", {}, why) };
      }
    },
  );
  const namespaces = suite.check(
    "data-plane/namespaces",
    "where builds run is known",
    { needs: [given, cluster], deadline },
    async ([{ settings }], signal) =>
      findBuildNamespaces(await openCluster(settings.release.namespace, signal), settings.cluster, signal),
  );
  const { present, values } = configMapChecks(suite, openCluster, { given, namespaces });
  suite.check(
    "data-plane/account",
    "their service account exists",
    { needs: [given, present], deadline },
    async ([{ settings }, places], signal): Promise<Outcome<Places<BuildAccount>>> => {
      const home = await openCluster(settings.release.namespace, signal);
      const accountOf = accountFinder(home, settings);
      const namespaces = places.map(({ namespace }) => namespace);
      const found = await survey(namespaces, async (namespace) => {
        const value = await accountOf(namespace);
        const { account } = value;
        return unlessUnreadable({ kind: "service account", name: account }, signal, async () =>
          (await home.inNamespace(namespace).hasServiceAccount(account)) ? { value } : { fault: missing(value) },
        );
      });
      return outcomeOf(found, accountsText);
    },
  );
  return values;
}

function missing({ account, namedBy, unread }: BuildAccount): Fault {
  return fault("error", "service-account-missing", { account, namedBy }, unreadText(unread));
}

/** `union/union`, `union in 12 namespaces`; several accounts one after the other. */
function accountsText(places: readonly Placed<BuildAccount>[]): string {
  const groups = [...Map.groupBy(places, ({ of }) => of.account)];
  const accounts = groups.map(([account, group]) => placedText(group, account)).join(", ");
  const unread = places.find(({ of }) => of.unread !== "")?.of.unread ?? "";
  return unread === "" ? accounts : `${accounts}; ${unreadText(unread)}`;
}

function unreadText(unread: string): string {
  return unread === "" ? "" : `PodTemplate ${podTemplate}, which may name another, cannot be read: ${unread}`;
}
