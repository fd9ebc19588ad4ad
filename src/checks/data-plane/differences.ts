import type { BuildConfig } from "./build-config.ts";
import { type Fault, fault, type Placed } from "./each-namespace.ts";

/** The values by the key that each is of. */
const keys = {
  repository: "default-repository",
  authentication: "authentication-type",
  buildkit: "buildkit-uri",
} as const satisfies Partial<Record<keyof BuildConfig, string>>;

/**
 * Namespaces whose values are not those of most others: the operator copies one ConfigMap into all of them, so a difference is
 * an outdated copy or is intended. Where no values are the most frequent, those of the first namespace count as right.
 */
export function differences(configs: readonly Placed<BuildConfig>[]): Placed<Fault>[] {
  const groups = [...Map.groupBy(configs, ({ of }) => JSON.stringify(valuesOf(of))).values()];
  const [most] = groups.toSorted((one, other) => other.length - one.length);
  const usual = most?.[0];
  if (!usual) return [];
  return configs.flatMap(({ namespace, of }) => {
    const others = valuesOf(of).filter(([field, value]) => value !== usual.of[field]);
    if (others.length === 0) return [];
    const why = others.map(([field, value]) => `${keys[field]} is "${value}", elsewhere "${usual.of[field]}"`);
    const args = { name: of.name, keys: others.map(([field]) => keys[field]) };
    return { namespace, of: fault("warning", "build-config-differs", args, why.join("; ")) };
  });
}

function valuesOf(config: BuildConfig) {
  return (Object.keys(keys) as (keyof typeof keys)[]).map((field) => [field, config[field]] as const);
}
