import type { Cloud } from "../../findings/catalog/cloud-fixes.ts";
import { cloudOfHost } from "../../registry/cloud-hosts.ts";
import { type Fault, fault } from "./each-namespace.ts";
import { repositoryFault } from "./repository-name.ts";

/** The values in the ConfigMap of build pods, without whitespace around them. */
export interface BuildConfig {
  /** Name of the ConfigMap. */
  name: string;
  /** Where built images go. */
  repository: string;
  authentication: string;
  /** `tcp://host:port`; empty where there is no buildkit. */
  buildkit: string;
}

/** The data of a ConfigMap, and its name. */
export interface ConfigMap {
  name: string;
  data: Readonly<Record<string, string>>;
}

/** Keys that build pods get as variables and files; without one of them a pod cannot start. */
const required = ["storage.yaml", "buildkit-uri", "default-repository", "authentication-type"] as const;
/** A key that pods start without. */
const optimization = "enable-image-optimization";

/** Registry logins of the build task that are a cloud's, and those that go with any registry. Source: the data plane chart's values (2026.8.3). */
const cloudLogins: readonly string[] = ["aws", "google", "azure"] satisfies Cloud[];
const otherLogins: readonly string[] = ["noop", "basic"];

/** Amazon's public registry, which takes the login of a private one. */
const publicEcr = /^(public\.ecr|ecr-public)\.aws(\.com)?$/;

/** Reads the values; those of absent keys are empty. */
export function readBuildConfig({ name, data }: ConfigMap): BuildConfig {
  const trimmed = (key: (typeof required)[number]) => data[key]?.trim() ?? "";
  return {
    name,
    repository: trimmed("default-repository"),
    authentication: trimmed("authentication-type"),
    buildkit: trimmed("buildkit-uri"),
  };
}

/**
 * What is wrong with how the values are written, whatever they mean. Known bugs of the data plane chart have their own codes:
 * a URI that is quoted twice, and a number that a template could not format. Whitespace around a value is a warning: Kubernetes
 * passes it on, and what the build task does with it is not known.
 */
export function writingFaults({ name, data }: ConfigMap): Fault[] {
  const ofKeys = required.flatMap((key) => {
    const value = data[key];
    if (value === undefined) return fault("error", "build-config-key-missing", { name, key });
    return key === "storage.yaml" ? [] : (writingFault(name, key, value) ?? []);
  });
  const flag = data[optimization]?.trim() ?? "true";
  const isKnown = flag === "true" || flag === "false";
  const ofFlag = isKnown
    ? []
    : [fault("warning", "image-optimization-malformed", { name, key: optimization, value: flag })];
  return [...ofKeys, ...ofFlag];
}

function writingFault(name: string, key: string, value: string): Fault | undefined {
  const about = { name, key };
  const why = `the value is ${JSON.stringify(value)}`;
  if (/%!\w?\(/.test(value)) return fault("error", "build-config-unformatted", about, why);
  if (/^\s*["']|["']\s*$/.test(value)) return fault("error", "build-config-quoted", about, why);
  // An empty value has faults of its own.
  const isPadded = value.trim() !== value && value.trim() !== "";
  return isPadded ? fault("warning", "build-config-whitespace", about, why) : undefined;
}

/** What is wrong with the repository. */
export function repositoryFaults({ name, repository: value }: BuildConfig): Fault[] {
  const about = { name, key: "default-repository" };
  if (value === "") return [fault("error", "repository-empty", about)];
  const reason = repositoryFault(value);
  return reason === undefined ? [] : [fault("error", "repository-malformed", { ...about, value, reason })];
}

/**
 * What is wrong with the registry login. It contradicts the repository only where the host is another cloud's, whose login is
 * known; one that is not known here may be known to a newer build task, so it is a warning.
 */
export function loginFaults({ name, authentication: value, repository }: BuildConfig): Fault[] {
  const about = { name, key: "authentication-type", value };
  const isCloudLogin = cloudLogins.includes(value);
  if (!isCloudLogin && !otherLogins.includes(value)) return [fault("warning", "authentication-type-unknown", about)];
  const host = (repository.split("/")[0] ?? "").toLowerCase().replace(/:\d+$/, "");
  const cloud = publicEcr.test(host) ? "aws" : cloudOfHost(host);
  return cloud !== undefined && isCloudLogin && cloud !== value
    ? [fault("error", "authentication-type-contradicts", { ...about, repository })]
    : [];
}
