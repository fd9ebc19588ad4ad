import { compareAppVersions } from "../definition/version-name.ts";
import { type Finding, finding } from "../findings/finding.ts";
import type { Policy } from "../settings/schema.ts";
import { ownerOf, type Registration } from "./registration.ts";

/**
 * What is wrong with the current registration for this appVersion; nothing if it is the wanted definition. To a member,
 * whatever its owner has registered is right.
 */
export function judge(
  current: Registration | undefined,
  wanted: { appVersion: string; scope: string; role: Policy["role"] },
): Finding | undefined {
  const { scope, appVersion, role } = wanted;
  if (!current) return finding("error", "registration-missing", { scope });
  if (current.isWanted || role === "member") return undefined;
  const args = { scope, current: current.version };
  switch (compareAppVersions(current.appVersion, appVersion)) {
    case "same":
      return finding("error", "registration-differs", args, describeDifferences(current));
    case "newer":
      return finding("error", "registration-newer", { ...args, owner: ownerOf(current), wanted: appVersion });
    case "older":
      return finding(
        "error",
        "registration-outdated",
        { ...args, wanted: appVersion },
        `registered ${ownerOf(current)}`,
      );
    case "incomparable":
      return finding("error", "registration-incomparable", { ...args, wanted: appVersion });
  }
}

/** One line for each field that differs. */
export function describeDifferences({ differences }: Pick<Registration, "differences">): string {
  const show = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
  return differences
    .map(({ field, expected, stored }) => `${field}: registered ${show(stored)}, expected ${show(expected)}`)
    .join("\n");
}
