import { problem } from "../../findings/registrar-error.ts";

/** The values in the ConfigMap of build pods. */
export interface BuildConfig {
  /** Where built images go. */
  repository: string;
  authentication: string;
  /** `tcp://host:port` */
  buildkit: string;
}

/** Keys that build pods get as variables and files; without one of them a pod cannot start. */
const required = ["storage.yaml", "buildkit-uri", "default-repository", "authentication-type"] as const;

/** Registry logins of the build task, and the registry hosts of their cloud. Source: the data plane chart's values. */
const hosts: Readonly<Record<string, RegExp | undefined>> = {
  noop: undefined,
  aws: /\.dkr(\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?|-ecr(-fips)?\.[a-z0-9-]+\.on\.aws)$|^(public\.ecr|ecr-public)\.aws(\.com)?$/,
  google: /(^|\.)gcr\.io$|-docker\.pkg\.dev$/,
  azure: /\.azurecr\.(io|us|cn)$/,
};

/**
 * Reads the values from the ConfigMap of build pods. Known bugs of the data plane chart have their own codes: a URI that is
 * quoted twice, and a number that a template could not format.
 * @throws {RegistrarError} build-config-…, repository-empty, authentication-type-…
 */
export function requireSound(
  configMap: { namespace: string; name: string },
  data: Readonly<Record<string, string>>,
): BuildConfig {
  for (const key of required) {
    const value = data[key];
    if (value === undefined) throw problem("build-config-key-missing", { ...configMap, key });
    if (key === "storage.yaml") continue;
    if (/%!\w?\(/.test(value))
      throw problem("build-config-unformatted", { ...configMap, key }, `the value is ${value}`);
    if (/^\s*["']|["']\s*$/.test(value))
      throw problem("build-config-quoted", { ...configMap, key }, `the value is ${value}`);
  }
  const [repository = "", authentication = "", buildkit = ""] = [
    data["default-repository"],
    data["authentication-type"],
    data["buildkit-uri"],
  ].map((value) => value?.trim());
  if (repository === "") throw problem("repository-empty", { ...configMap, key: "default-repository" });
  const about = { ...configMap, key: "authentication-type", value: authentication };
  if (!Object.hasOwn(hosts, authentication)) throw problem("authentication-type-unknown", about);
  const host = repository.split("/")[0] ?? "";
  const cloud = Object.keys(hosts).find((name) => hosts[name]?.test(host));
  if (cloud !== undefined && authentication !== "noop" && cloud !== authentication) {
    throw problem("authentication-type-contradicts", { ...about, repository });
  }
  return { repository, authentication, buildkit };
}
