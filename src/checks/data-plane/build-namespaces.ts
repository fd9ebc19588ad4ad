import type { Cluster, FoundNamespace } from "../../cluster/cluster.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { finding } from "../../findings/finding.ts";
import { namespacesText } from "../../findings/namespaces-text.ts";
import type { ClusterSettings } from "../../settings/cluster-schema.ts";
import type { Outcome } from "../engine/check.ts";

/**
 * The namespaces where builds run, sorted: those that the label selector finds and those that are named in the settings; with
 * neither, that of the Helm release. One that is being deleted is left out: no build can start there. If the selector finds
 * nothing or may not be used, a warning says what is looked at instead.
 * @param cluster in the namespace of the Helm release
 */
export async function findBuildNamespaces(
  cluster: Cluster,
  { buildNamespaceSelector: selector, buildNamespaces: named }: ClusterSettings,
  signal: AbortSignal,
): Promise<Outcome<readonly string[]>> {
  const instead = sorted(named.length > 0 ? named : [cluster.namespace]);
  if (selector === undefined) return { value: instead, detail: namespacesText(instead) };
  let listed: FoundNamespace[];
  try {
    listed = await cluster.listNamespaces(selector);
  } catch (error) {
    const why = signal.aborted ? "no answer in time" : describeCause(error);
    return {
      value: instead,
      finding: finding("warning", "build-namespaces-unlisted", { selector, namespaces: instead }, why),
    };
  }
  const terminating = listed.filter(({ isTerminating }) => isTerminating).map(({ name }) => name);
  const found = listed.filter(({ isTerminating }) => !isTerminating).map(({ name }) => name);
  if (found.length === 0) {
    const why = terminating.length === 0 ? "" : `${namespacesText(terminating)}: being deleted`;
    return {
      value: instead,
      finding: finding("warning", "build-namespaces-none", { selector, namespaces: instead }, why),
    };
  }
  const value = sorted([...found, ...named].filter((name) => !terminating.includes(name)));
  const left = terminating.length === 0 ? "" : `; not ${namespacesText(terminating)}: being deleted`;
  const by = named.length === 0 ? `with the label ${selector}` : `with the label ${selector}, or of the settings`;
  return { value, detail: `${value.length} ${by}${left}` };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
