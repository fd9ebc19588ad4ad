import type { RegistryKind, RegistryPlace } from "../../findings/catalog/registry-kinds.ts";
import { oneLine } from "../../network/one-line.ts";
import { cloudOfHost } from "../../registry/cloud-hosts.ts";
import { parseEcrHost } from "../../registry/ecr-host.ts";
import { formatImageReference, type ImageReference, readImageReference } from "../../registry/image-reference.ts";
import type { BuildSubject } from "../build-evidence.ts";
import { readRefusal } from "./refused-identity.ts";

/** Longest name of an image that is shown, in characters. */
const longestImage = 300;

/** Words that give a registry away where its host is one of the user's own. */
const signs: readonly (readonly [words: RegExp, registry: RegistryKind])[] = [
  [/\becr:[A-Z]\w+|\barn:[\w-]+:ecr:|does not exist in the registry with id '\d+'/, "aws"],
  [/\bartifactregistry\./, "google"],
  [/\baka\.ms\/acr\b/, "azure"],
  [/\b(?:write|read)_package\b/, "github"],
  [
    /\bof storage resource, which when updated\b|\bproject \S+ not found: project\b|configured as immutable\b/,
    "harbor",
  ],
];

/**
 * The registry of an image, and whom it has refused.
 * @param image as builds name it; may be no reference at all
 * @param words what the registry says
 */
export function placeOf(image: string, words: string, subject: Pick<BuildSubject, "configMap">): RegistryPlace {
  const reference = readImageReference(image);
  const parts = typeof reference === "string" ? undefined : reference;
  const { identity, resource, policy } = readRefusal(words);
  return {
    image: oneLine(image, longestImage),
    registry: kindOf(parts, words),
    identity,
    resource: resource || (parts ? resourceOf(parts) : ""),
    policy,
    configMap: subject.configMap,
  };
}

function kindOf(reference: ImageReference | undefined, words: string): RegistryKind {
  const host = reference?.host.replace(/:\d+$/, "").toLowerCase() ?? "";
  if (host === "ghcr.io") return "github";
  const sign = () => signs.find(([pattern]) => pattern.test(words))?.[1];
  return cloudOfHost(host) ?? sign() ?? (/\bharbor\b/.test(host) ? "harbor" : "other");
}

/** The name of the repository in its cloud, made from the reference; empty where there is none. */
function resourceOf({ host, repository }: ImageReference): string {
  const ecr = parseEcrHost(host.toLowerCase());
  if (ecr) {
    const partition =
      ecr.domain === "amazonaws.com.cn" ? "aws-cn" : ecr.region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    return `arn:${partition}:ecr:${ecr.region}:${ecr.account}:repository/${repository}`;
  }
  const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host) ?? [];
  const [project, name] = repository.split("/");
  return location && project && name ? `projects/${project}/locations/${location}/repositories/${name}` : "";
}

/** Whether two references are of the same repository, however they are written. */
export function isSameRepository(one: string, other: string): boolean {
  const names = [one, other].map((text) => {
    const reference = readImageReference(text);
    if (typeof reference === "string") return text;
    return formatImageReference({
      host: reference.host,
      repository: reference.repository,
      tag: undefined,
      digest: undefined,
    });
  });
  return names[0] === names[1];
}
