import { formatImageReference, type ImageReference } from "../../registry/image-reference.ts";

/** Tools that copy images between registries, in the order in which they are tried. */
export const copyToolNames = ["skopeo", "crane", "regctl", "oras"] as const;

export type CopyToolName = (typeof copyToolNames)[number];

/** The name under which an image is in a folder with nothing else. */
export const nameInFolder = "image";

/** Where a tool reads from, or writes to: a registry, or a folder with one image in the tool's own form. */
export type CopyEnd = ImageReference | { folder: string };

/** What the arguments of a tool depend on, in addition to what is copied. */
export interface CopyOptions {
  /** Registries (host:port) that speak plain HTTP. */
  insecureHosts: readonly string[];
  /** Whether the machine has a policy for signatures, without which skopeo refuses to copy. */
  hasPolicy: boolean;
}

/** How to run one tool. */
export interface CopyTool {
  name: CopyToolName;
  /** Prints its version. */
  versionArgs: readonly string[];
  /**
   * The form of its folders: the OCI image layout, or skopeo's own. skopeo writes no Docker manifest into a layout without
   * converting it, which changes its digest (1.9.3: "cannot modify it: Instructed to preserve digests").
   */
  folderForm: "oci" | "dir";
  /** Arguments that copy an image with all its platforms and keep its digest. */
  copyArgs(from: CopyEnd, to: CopyEnd, options: CopyOptions): string[];
}

/** Each was run against registries of Docker and of the CNCF, with indexes of both media types, and kept all digests. */
export const copyTools: Readonly<Record<CopyToolName, CopyTool>> = {
  skopeo: {
    name: "skopeo",
    versionArgs: ["--version"],
    folderForm: "dir",
    copyArgs: (from, to, { insecureHosts, hasPolicy }) => [
      ...(hasPolicy ? [] : ["--insecure-policy"]),
      "copy",
      "--all",
      "--preserve-digests",
      ...(speaksHttp(from, insecureHosts) ? ["--src-tls-verify=false"] : []),
      ...(speaksHttp(to, insecureHosts) ? ["--dest-tls-verify=false"] : []),
      ...[from, to].map((end) => ("folder" in end ? `dir:${end.folder}` : `docker://${nameOf(end)}`)),
    ],
  },
  crane: {
    name: "crane",
    versionArgs: ["version"],
    folderForm: "oci",
    copyArgs: (from, to, { insecureHosts }) => [
      ...(speaksHttp(from, insecureHosts) || speaksHttp(to, insecureHosts) ? ["--insecure"] : []),
      ...("folder" in to ? ["pull", "--format", "oci"] : "folder" in from ? ["push"] : ["copy"]),
      ...[from, to].map((end) => ("folder" in end ? end.folder : nameOf(end))),
    ],
  },
  regctl: {
    name: "regctl",
    versionArgs: ["version"],
    folderForm: "oci",
    copyArgs: (from, to, { insecureHosts }) => [
      "image",
      "copy",
      ...hostsThatSpeakHttp([from, to], insecureHosts).flatMap((host) => ["--host", `reg=${host},tls=disabled`]),
      ...[from, to].map((end) => ("folder" in end ? `ocidir://${end.folder}:${nameInFolder}` : nameOf(end))),
    ],
  },
  oras: {
    name: "oras",
    versionArgs: ["version"],
    folderForm: "oci",
    copyArgs: (from, to, { insecureHosts }) => [
      "copy",
      ...("folder" in from ? ["--from-oci-layout"] : speaksHttp(from, insecureHosts) ? ["--from-plain-http"] : []),
      ...("folder" in to ? ["--to-oci-layout"] : speaksHttp(to, insecureHosts) ? ["--to-plain-http"] : []),
      ...[from, to].map((end) => ("folder" in end ? `${end.folder}:${nameInFolder}` : nameOf(end))),
    ],
  },
};

/** skopeo takes no reference with both a tag and a digest; where both are known, the digest is what was looked up. */
function nameOf(reference: ImageReference): string {
  return formatImageReference(reference.digest === undefined ? reference : { ...reference, tag: undefined });
}

/** A registry without a port that speaks plain HTTP does so on port 80. */
function speaksHttp(end: CopyEnd, insecureHosts: readonly string[]): boolean {
  return "host" in end && insecureHosts.some((host) => host === end.host || host === `${end.host}:80`);
}

function hostsThatSpeakHttp(ends: readonly CopyEnd[], insecureHosts: readonly string[]): string[] {
  const hosts = ends.flatMap((end) => ("host" in end && speaksHttp(end, insecureHosts) ? [end.host] : []));
  return [...new Set(hosts)];
}
