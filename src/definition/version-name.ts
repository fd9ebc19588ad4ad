import compare from "semver/functions/compare.js";
import parse from "semver/functions/parse.js";

/** A version of the task: an appVersion, and which registration of it this is (0 is the first). */
export interface VersionName {
  appVersion: string;
  revision: number;
}

/** `2026.3.4` for revision 0, `2026.3.4-r2` for revision 2. */
export function versionName({ appVersion, revision }: VersionName): string {
  return revision === 0 ? appVersion : `${appVersion}-r${revision}`;
}

/** Parses `2026.3.4-r2`. Any text is a version name: manual registrations may have any. */
export function parseVersionName(version: string): VersionName {
  const match = /^(.+)-r([1-9]\d{0,8})$/.exec(version);
  const [, appVersion, revision] = match ?? [];
  return appVersion && revision ? { appVersion, revision: Number(revision) } : { appVersion: version, revision: 0 };
}

/**
 * Compares two appVersions. They are calendar versions (`2026.3.4`), which are ordered like semantic versions; "loose" also
 * accepts `v2026.3.4` and `2026.03.4`.
 */
export function compareAppVersions(one: string, other: string): "same" | "older" | "newer" | "incomparable" {
  if (one === other) return "same";
  const [a, b] = [parse(one, { loose: true }), parse(other, { loose: true })];
  if (a === null || b === null) return "incomparable";
  const order = compare(a, b);
  if (order === 0) return "incomparable";
  return order < 0 ? "older" : "newer";
}

/** A revision a minute for two years. */
const mostRevisions = 2 ** 20;

/**
 * The first revision from `from` on whose name is free. Revisions are consecutive, so the search doubles its step and then
 * halves the gap: 10,000 revisions cost about 28 requests; usually it is one or two.
 * @returns nothing if all names up to the millionth revision are taken, which is an answer and no truth
 */
export async function firstFreeRevision(
  appVersion: string,
  from: number,
  isTaken: (version: string) => Promise<boolean>,
): Promise<number | undefined> {
  const taken = (revision: number) => isTaken(versionName({ appVersion, revision }));
  if (!(await taken(from))) return from;
  let lastTaken = from;
  let step = 1;
  while (await taken(lastTaken + step)) {
    lastTaken += step;
    step *= 2;
    if (step > mostRevisions) return undefined;
  }
  let free = lastTaken + step;
  while (free - lastTaken > 1) {
    const middle = Math.floor((lastTaken + free) / 2);
    if (await taken(middle)) lastTaken = middle;
    else free = middle;
  }
  return free;
}
