import * as z from "zod";

/** One page of the list of tags; a registry writes null for none. */
const tagsSchema = z.object({ tags: z.array(z.string()).nullable() });

/** Reads a page of tags. @throws {SyntaxError, z.ZodError} if it is none */
export function parseTags(text: string): string[] {
  return tagsSchema.parse(JSON.parse(text)).tags ?? [];
}

/**
 * What follows `tags/list` in the address of the next page (RFC 8288, relation `next`); nothing if there is none. Its host is not
 * taken: behind a proxy, some registries write their own.
 */
export function nextPageOf(link: string | undefined): string | undefined {
  const target = /<([^<>]+)>\s*;[^,]*\brel="?next\b/i.exec(link ?? "")?.[1];
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
    .map(({ tag, common }) => ({ tag, common, distance: distanceOf(wanted, tag) }))
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

/** How many characters have to be changed, added or removed (Levenshtein); tags have 128 at most. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
