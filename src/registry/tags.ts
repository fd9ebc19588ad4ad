import * as z from "zod";
import { editDistance } from "../system/edit-distance.ts";

/** One page of the list of tags; a registry writes null for none. */
const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const tagPattern = /^\w[\w.-]{0,127}$/;

/** Reads a page of tags; texts that no tag can be are left out. @throws {SyntaxError, z.ZodError} if it is none */
export function parseTags(text: string): string[] {
  return tagsSchema.parse(JSON.parse(text)).tags?.filter((tag) => tagPattern.test(tag)) ?? [];
}

/**
 * What follows `tags/list` in the address of the next page (RFC 8288, relation `next`); nothing if there is none. Its host is not
 * taken: behind a proxy, some registries write their own.
 */
export function nextPageOf(link: string | undefined): string | undefined {
  const target = /<([^<>]+)>\s*;[^,<]*\brel="?next\b/i.exec(link ?? "")?.[1];
  const query = target === undefined ? undefined : URL.parse(target, "https://registry.invalid")?.search;
  return query || undefined;
}

/** Sorts tags as versions, numbers by their value: `3.9`, `3.10`, `3.10-slim`. Without repetitions. */
export function sortTags(tags: Iterable<string>): string[] {
  const keys = Array.from(new Set(tags), (tag) => ({ tag, parts: partsOf(tag) }));
  return keys
    .sort((one, other) => compareParts(one.parts, other.parts) || compare(one.tag, other.tag))
    .map(({ tag }) => tag);
}

/** For so many tags is the distance computed, which takes microseconds each. */
const mostCandidates = 300;

/**
 * The tags that somebody may have meant: of those with the longest common beginning, those with the fewest changes, newest first.
 * @param tags sorted
 */
export function nearestTags(wanted: string, tags: readonly string[], count: number): string[] {
  const ranked = tags.toReversed().map((tag) => ({ tag, common: commonParts(wanted, tag) }));
  const candidates = ranked.sort((one, other) => other.common - one.common).slice(0, Math.max(count, mostCandidates));
  return candidates
    .map(({ tag, common }) => ({ tag, common, distance: editDistance(wanted, tag) }))
    .sort((one, other) => other.common - one.common || one.distance - other.distance)
    .slice(0, count)
    .map(({ tag }) => tag);
}

type Part = string | number;

function partsOf(tag: string): Part[] {
  return tag.split(/(\d+)/).map((part, index) => (index % 2 === 1 ? Number(part) : part));
}

function compareParts(one: readonly Part[], other: readonly Part[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const order = compare(one[index] ?? "", other[index] ?? "");
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function compare<T extends Part>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function commonParts(one: string, other: string): number {
  const [parts, others] = [partsOf(one), partsOf(other)];
  const different = parts.findIndex((part, index) => part !== others[index]);
  return different < 0 ? parts.length : different;
}
