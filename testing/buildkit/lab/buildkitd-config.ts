/** Registries whose certificates buildkit checks with the lab's CA: all but one. */
const trusting = [
  "images",
  "basic",
  "tokens",
  "tokens-denied",
  "tokens-refused",
  "tokens-unknown-ca",
  "tokens-unknown-name",
  "tokens-rejected",
  "forbidden",
  "forbidden-page",
  "rate-limited",
  "unavailable",
  "proxy-page",
  "no-bucket",
  "wrong-name",
  "expired",
];

/** Registries that are asked under another name first, as `imageBuilder.buildkit.extraConfig` does it. */
const mirrored = ["mirrored-unknown", "mirrored-hole-private"];

/**
 * A buildkitd.toml.
 * @param caFile the lab's CA
 */
export function configure(caFile: string): string {
  return [
    ...trusting.map((name) => `[registry."${name}.test"]\n  ca = ["${caFile}"]`),
    ...mirrored.map((name) => `[registry."${name}.test"]\n  mirrors = ["images.test/mirror"]`),
  ].join("\n");
}
