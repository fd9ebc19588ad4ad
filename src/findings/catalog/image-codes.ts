import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { type At, entry, exitCodes } from "./code-entry.ts";
import { askRegistry } from "./endpoint-texts.ts";

const exit = exitCodes.failed;

interface ImageAt extends At {
  /** `ghcr.io/acme/base:1` */
  image: string;
}

/** A repository, and where its tags are listed. */
interface RepositoryAt extends At {
  /** `ghcr.io/acme/base` */
  repository: string;
  /** Path of the repository at the registry: `acme/base`. */
  path: string;
}

/** Images in container registries. */
export const imageCodes = {
  "image-reference-malformed": entry<{ reference: string; fault: string }>({
    exit: exitCodes.usage,
    what: ({ reference, fault }) => `"${reference}" is no reference to an image: it ${fault}`,
    fix: () =>
      "Correct the reference to <host>/<repository>:<tag>, in lower case, with @sha256:<digest> if it is pinned.",
    next: (_args, { command }) => command("check"),
  }),
  "image-repository-missing": entry<RepositoryAt>({
    exit,
    what: ({ endpoint, path }) => `the registry ${endpoint} has no repository ${path}`,
    fix: ({ repository }) => `Copy the image to ${repository} (registrar images mirror), or correct the reference.`,
    next: listTags,
  }),
  "image-tag-missing": entry<RepositoryAt & { tag: string; nearest: string }>({
    exit,
    what: ({ repository, tag, nearest }) =>
      `${repository} has no tag ${tag}${nearest === "" ? "" : `; the nearest are ${nearest}`}`,
    fix: ({ repository, tag }) =>
      `Copy the image to ${repository}:${tag} (registrar images mirror), or correct the tag.`,
    next: listTags,
  }),
  "image-digest-missing": entry<RepositoryAt & { digest: string }>({
    exit,
    what: ({ repository, digest }) => `${repository} has nothing with the digest ${digest}`,
    fix: ({ repository }) =>
      `Copy the image to ${repository} with its digest kept (registrar images mirror), or correct the digest.`,
    next: listTags,
  }),
  "image-architecture-missing": entry<RepositoryAt & { image: string; wanted: string; available: string }>({
    exit,
    what: ({ image, wanted, available }) =>
      `${image} has no image for ${wanted}${available === "" ? "" : `, only for ${available}`}`,
    fix: ({ image, wanted }) =>
      `Copy ${image} with all its architectures (registrar images mirror), or build it for ${wanted} too.`,
    next: listTags,
  }),
  "image-manifest-unusable": entry<ImageAt>({
    exit,
    what: ({ image }) => `the manifest of ${image} cannot be used`,
    fix: ({ image }) =>
      `Copy ${image} again as a Docker schema 2 or OCI image with a current tool, such as registrar images mirror.`,
    next: askRegistry,
  }),
  "image-digest-mismatch": entry<ImageAt & { digest: string }>({
    exit,
    what: ({ image, digest }) => `what the registry serves as ${digest} of ${image} is something else`,
    fix: ({ image }) =>
      `Copy ${image} again with registrar images mirror; if it stays so, find what changes answers on the way (proxy, cache).`,
    next: askRegistry,
  }),
} as const;

function listTags({ endpoint, path }: RepositoryAt, { probe }: Reader): string {
  return probe("curl", `-sS --max-time 10 ${shellQuote(`${endpoint}/v2/${path}/tags/list`)}`);
}
