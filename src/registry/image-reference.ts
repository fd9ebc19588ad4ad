import { problem } from "../findings/registrar-error.ts";

/** A reference to an image, taken apart as Docker and buildkit do. */
export interface ImageReference {
  /** As it is named: `docker.io`, `registry.example.com:5000`. */
  host: string;
  /** Path of the repository: `library/python`. */
  repository: string;
  /** `latest` if neither tag nor digest is given; absent with a digest alone. */
  tag: string | undefined;
  /** `sha256:…` */
  digest: string | undefined;
}

/** The grammar of github.com/distribution/reference v0.6.0, which Docker, containerd and buildkit share. */
const host =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::\d+)?$/;
const pathComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
/** Of the registered algorithms (OCI image spec, descriptor.md), in the lengths that they have. */
/** The digests whose algorithms Node and all registries know. */
export const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

const longestRepository = 255;

/**
 * Takes a reference apart, with Docker's rules: the first part is a host if it has a dot, a colon or an upper-case letter, or is
 * `localhost`; else the image is of docker.io, under `library/` if it has one part only.
 * @returns the reference, or what is wrong with the text, in words that follow "the text"
 */
export function readImageReference(text: string): ImageReference | string {
  const [named = "", digest, ...others] = text.split("@");
  if (others.length > 0) return "has more than one @";
  if (digest !== undefined && !digestPattern.test(digest)) return `has no digest (sha256:<64 hex digits>) after the @`;
  // A colon before the last slash belongs to the host.
  const [, name = "", tag] = /^(.*?)(?::([^:/]*))?$/s.exec(named) ?? [];
  if (tag !== undefined && !tagPattern.test(tag)) return `has "${tag}" as tag, which is none`;
  const place = placeOf(name);
  if (!host.test(place.host)) return `has "${place.host}" as host, which is none`;
  if (/^[a-f0-9]{64}$/.test(name)) return "is the bare id of an image";
  const wrong = place.repository.split("/").find((component) => !pathComponent.test(component));
  if (wrong !== undefined)
    return `has "${wrong}" in its path: only a-z, 0-9 and single separators (. _ -) between them`;
  if (place.repository.length > longestRepository) return `has a path of more than ${longestRepository} characters`;
  return { ...place, tag: digest === undefined ? (tag ?? "latest") : tag, digest };
}

/**
 * Takes a reference apart.
 * @throws {RegistrarError} image-reference-malformed
 */
export function parseImageReference(text: string): ImageReference {
  const read = readImageReference(text);
  if (typeof read === "string") throw problem("image-reference-malformed", { reference: text, fault: read });
  return read;
}

/** A reference as it is written, with its host and `library/`: `docker.io/library/python:3.12-slim`. */
export function formatImageReference({ host, repository, tag, digest }: ImageReference): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Host and port that serve a registry's API: Docker Hub's are not those of its name. */
export function apiHostOf({ host }: Pick<ImageReference, "host">): string {
  return host === "docker.io" ? "registry-1.docker.io" : host;
}

function placeOf(name: string): Pick<ImageReference, "host" | "repository"> {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:A-Z]/.test(first) || first === "localhost";
  const host = !isHost || first === "index.docker.io" ? "docker.io" : first;
  const path = isHost ? name.slice(slash + 1) : name;
  return { host, repository: host === "docker.io" && !path.includes("/") ? `library/${path}` : path };
}
