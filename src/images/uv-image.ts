import { compareAppVersions } from "../definition/version-name.ts";

/** The repository that frontend-v2 copies uv from. */
export const uvRepository = "ghcr.io/astral-sh/uv";

/** From this appVersion on, frontend-v2 brings its own uv. */
const firstWithoutUv = "2026.3.7";

/**
 * Whether builds of this appVersion pull uv's own image. What cannot be compared for certain counts as yes: an image too many
 * does no harm, a missing one fails builds.
 * @returns nothing if they do not; else why it is listed, in words that follow "it is"
 */
export function whyUvIsPulled(appVersion: string): string | undefined {
  const isPlain = /^\d+\.\d+\.\d+$/.test(appVersion);
  const order = compareAppVersions(appVersion, firstWithoutUv);
  if (!isPlain || order === "incomparable") {
    return `listed because ${appVersion} cannot be compared with ${firstWithoutUv}, the first appVersion that does not pull it`;
  }
  return order === "older" ? `pulled before appVersion ${firstWithoutUv} only` : undefined;
}
