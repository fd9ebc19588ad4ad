import { type Labels, parseSelector } from "./label-selector.ts";
import { type Answer, refusals } from "./status.ts";

/** A namespace as a list has it. */
export interface ListedNamespace {
  name: string;
  labels: Labels;
  isTerminating: boolean;
}

/**
 * Answers a list of namespaces: those that the selector finds, by name, and no more than the limit. What is left is given for
 * the token in `continue`, which is good for the same selector alone.
 */
export function listNamespaces(all: readonly ListedNamespace[], query: URLSearchParams): Answer {
  const text = query.get("labelSelector") ?? "";
  const selects = text === "" ? () => true : parseSelector(text);
  if (!selects) return refusals.badRequest(`unable to parse requirement: ${text}`);
  const found = all.filter(({ labels }) => selects(labels)).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const token = query.get("continue");
  const [after, ofSelector] = token === null ? ["", text] : decode(token);
  if (after === undefined || ofSelector !== text) return refusals.badRequest("continue key is not valid");
  const left = found.filter(({ name }) => name > after);
  const page = left.slice(0, Number(query.get("limit")) || left.length);
  const isLast = page.length === left.length;
  const next = isLast ? {} : { continue: encode(page.at(-1)?.name ?? "", text) };
  return [200, { kind: "NamespaceList", apiVersion: "v1", metadata: next, items: page.map(document) }];
}

function document({ name, labels, isTerminating }: ListedNamespace): object {
  return {
    metadata: { name, labels, ...(isTerminating && { deletionTimestamp: "2026-11-25T10:00:00Z" }) },
    status: { phase: isTerminating ? "Terminating" : "Active" },
  };
}

function encode(after: string, selector: string): string {
  return Buffer.from(JSON.stringify([after, selector])).toString("base64url");
}

function decode(token: string): string[] {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString());
  } catch {
    return [];
  }
}
