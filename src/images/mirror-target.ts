import { type ImageReference, readImageReference } from "../registry/image-reference.ts";

/** A place in a registry that images are copied to. */
export interface MirrorRegistry {
  host: string;
  /** Path below the host, without slashes around it; may be empty. */
  prefix: string;
}

/** Where images are copied to: a registry, or a folder in the OCI image layout. */
export type MirrorTarget = { kind: "registry"; registry: MirrorRegistry } | { kind: "layout"; folder: string };

/**
 * Reads what `--to` gives: `registry.example.com/union`, or `oci:DIR`.
 * @returns the target, or what is wrong with the text, in words that follow "the text"
 */
export function readMirrorTarget(text: string): MirrorTarget | string {
  // `oci://registry` is Helm's and means a registry.
  if (!text.startsWith("oci:") || text.startsWith("oci://")) {
    const registry = readMirrorRegistry(text);
    return typeof registry === "string" ? registry : { kind: "registry", registry };
  }
  const folder = text.slice("oci:".length);
  return folder === "" ? "names no folder after oci:" : { kind: "layout", folder };
}

/**
 * Reads the place of a mirror in a registry.
 * @returns the place, or what is wrong with the text, in words that follow "the text"
 */
export function readMirrorRegistry(text: string): MirrorRegistry | string {
  const written = text.replace(/(?<!\/)\/+$/, "");
  if (/^[a-z0-9+.-]+:\/\//i.test(written)) return "has a scheme; give host and path only";
  // Any repository below it: a host alone is a place too.
  const read = readImageReference(`${written}/repository`);
  if (typeof read === "string") return read;
  const { host, repository } = read;
  if (!written.startsWith(host)) return "does not begin with a registry's host, such as registry.example.com/union";
  return { host, prefix: repository.replace(/\/?repository$/, "") };
}

/** The place as it is written: `registry.example.com/union`. */
export function mirrorRegistryText({ host, prefix }: MirrorRegistry): string {
  return prefix === "" ? host : `${host}/${prefix}`;
}

/** A target as `--to` takes it. */
export function mirrorTargetText(target: MirrorTarget): string {
  return target.kind === "layout" ? `oci:${target.folder}` : mirrorRegistryText(target.registry);
}

/** A repository below the place. */
export function repositoryBelow(
  { host, prefix }: MirrorRegistry,
  path: string,
): Pick<ImageReference, "host" | "repository"> {
  return { host, repository: prefix === "" ? path : `${prefix}/${path}` };
}
