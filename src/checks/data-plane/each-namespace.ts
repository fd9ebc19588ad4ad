import { isNotFound } from "../../cluster/cluster.ts";
import type { ArgsOf, Code } from "../../findings/catalog/catalog.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import { namespacesText, objectText } from "../../findings/namespaces-text.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { mapConcurrently } from "../../system/concurrently.ts";
import type { Outcome } from "../engine/check.ts";

/** Requests at the same time: 300 namespaces take 20 rounds, and an API server grants one client more than this. */
const requestsAtOnce = 16;

/** Something found in a namespace. */
export interface Placed<T> {
  namespace: string;
  of: T;
}

/** Something found in each of some namespaces, at least in one. */
export type Places<T> = readonly [Placed<T>, ...Placed<T>[]];

/** What is wrong in a namespace. Others that have the same are named in one finding. */
export interface Fault {
  severity: Finding["severity"];
  /** Equal for faults that are the same but for the namespace. */
  id: string;
  /** Makes the finding for all namespaces that have it. */
  finding(namespaces: readonly string[]): Finding;
}

/** What was found in each namespace, and what is wrong: a namespace with a warning is in both. */
export interface Survey<T> {
  sound: readonly Placed<T>[];
  faults: readonly Placed<Fault>[];
}

/** Looks into each namespace, some of them at the same time. */
export async function survey<T>(
  namespaces: readonly string[],
  look: (namespace: string) => Promise<{ value: T } | { fault: Fault }>,
): Promise<Survey<T>> {
  const looked = await mapConcurrently(namespaces, requestsAtOnce, async (namespace) => ({
    namespace,
    ...(await look(namespace)),
  }));
  return {
    sound: looked.flatMap((one) => ("value" in one ? { namespace: one.namespace, of: one.value } : [])),
    faults: looked.flatMap((one) => ("fault" in one ? { namespace: one.namespace, of: one.fault } : [])),
  };
}

/** Judges what was found in each namespace; one without an error is sound. */
export function judge<T>(places: readonly Placed<T>[], faultsOf: (of: T) => readonly Fault[]): Survey<T> {
  const judged = places.map((place) => ({ place, faults: faultsOf(place.of) }));
  return {
    sound: judged
      .filter(({ faults }) => faults.every(({ severity }) => severity !== "error"))
      .map(({ place }) => place),
    faults: judged.flatMap(({ place: { namespace }, faults }) => faults.map((of) => ({ namespace, of }))),
  };
}

/** What `look` finds of an object; that the API server does not give it is a warning. */
export async function unlessUnreadable<T>(
  { kind, name }: { kind: string; name: string },
  signal: AbortSignal,
  look: () => Promise<{ value: T } | { fault: Fault }>,
): Promise<{ value: T } | { fault: Fault }> {
  try {
    return await look();
  } catch (error) {
    const why = signal.aborted ? "no answer in time" : describeCause(error);
    const describe: Fault["finding"] = (namespaces) =>
      finding("warning", "cluster-unreadable", { subject: objectText(kind, namespaces, name) }, why);
    return { fault: { severity: "warning", id: JSON.stringify([kind, name]), finding: describe } };
  }
}

/** Reads an object; nothing if the API server says that it is not there. */
export async function readIfThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Ends a check for all namespaces: with what is sound, and one finding for what is wrong. It is that of the first fault,
 * errors before warnings, and names every namespace that has it; its reason mentions the other faults.
 * @throws {RegistrarError} that finding if nothing is sound and it is an error
 */
export function outcomeOf<T>(
  { sound: [first, ...others], faults }: Survey<T>,
  detail: (places: Places<T>) => string,
): Outcome<Places<T>> {
  const found = oneFinding(faults);
  if (first) {
    const value: Places<T> = [first, ...others];
    return found ? { value, finding: found } : { value, detail: detail(value) };
  }
  if (!found) throw new Error("no namespace was looked at");
  if (found.severity === "error") throw new RegistrarError(found);
  return { unknown: found };
}

function oneFinding(faults: readonly Placed<Fault>[]): Finding | undefined {
  const isError = ({ of }: Placed<Fault>) => of.severity === "error";
  const errorsFirst = [...faults.filter(isError), ...faults.filter((fault) => !isError(fault))];
  const groups = [...Map.groupBy(errorsFirst, ({ of }) => of.id).values()].flatMap((group) => {
    const namespaces = group.map(({ namespace }) => namespace);
    return group[0] ? { namespaces, ...group[0].of.finding(namespaces) } : [];
  });
  const [first, ...others] = groups;
  if (!first) return undefined;
  const { namespaces: _, ...found } = first;
  const also = others.map(({ code, namespaces }) => `also ${code} in ${namespacesText(namespaces)}`);
  return { ...found, why: [found.why, ...also].filter((text) => text !== "").join("; ") };
}

/** Makes a fault of a code whose texts name the namespaces. */
export function fault<C extends Code>(
  severity: Finding["severity"],
  code: C,
  args: Omit<ArgsOf<C>, "namespaces">,
  why = "",
): Fault {
  return {
    severity,
    id: JSON.stringify([code, args]),
    finding: (namespaces) => finding(severity, code, { ...args, namespaces } as ArgsOf<C>, why),
  };
}

/** `union/settings`, or `settings in 12 namespaces`. */
export function placedText(places: readonly Placed<unknown>[], name: string): string {
  const [first, ...others] = places;
  return first && others.length === 0 ? `${first.namespace}/${name}` : `${name} in ${places.length} namespaces`;
}
