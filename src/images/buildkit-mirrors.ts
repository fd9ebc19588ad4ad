import type { MirrorRegistry } from "./mirror-target.ts";
import { mirrorRegistryText } from "./mirror-target.ts";
import type { PlannedCopy } from "./plan-mirror.ts";

/**
 * The part of buildkitd.toml that makes buildkit pull from a mirror: one table for each registry that it pulls from by names
 * which no value moves. Keys read in util/resolver/config of buildkit 0.16.0 and 0.34.2, which are the same.
 * @param insecureHosts registries (host:port) that speak plain HTTP
 * @returns the text; empty if there is nothing to redirect
 */
export function buildkitMirrors(
  copies: readonly PlannedCopy[],
  registry: MirrorRegistry,
  insecureHosts: readonly string[],
): string {
  const hosts = mirroredHosts(copies);
  const tables = hosts.map((host) => table(host, `mirrors = [${tomlText(mirrorRegistryText(registry))}]`));
  const plain = hosts.length > 0 && insecureHosts.includes(registry.host) ? [table(registry.host, "http = true")] : [];
  return [...tables, ...plain].join("");
}

/** Registries that buildkit pulls from by names which no value moves, sorted. */
export function mirroredHosts(copies: readonly PlannedCopy[]): string[] {
  const redirected = copies.filter(
    ({ image, isInPlace }) => image.pulledBy === "buildkit" && image.role !== "frontend" && !isInPlace,
  );
  return [...new Set(redirected.map(({ source }) => source.host))].sort();
}

function table(host: string, line: string): string {
  return `[registry.${tomlText(host)}]\n  ${line}\n`;
}

/** A basic string of TOML 1.0, for text without control characters: there, JSON's is one. */
function tomlText(text: string): string {
  return JSON.stringify(text);
}
