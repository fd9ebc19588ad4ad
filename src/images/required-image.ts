/** What an image is for. */
export const imageRoles = [
  "build-image",
  "frontend",
  "uv",
  "default-base",
  "base",
  "buildkit",
  "build-secrets",
  "registrar",
] as const;

export type ImageRole = (typeof imageRoles)[number];

/** An image that remote builds require. */
export interface RequiredImage {
  role: ImageRole;
  /** In full: `docker.io/library/python:3.12-slim`; without a tag where that is not public. */
  reference: string;
  /** Whether the reference names one image; else it names a repository. */
  isTagKnown: boolean;
  pulledBy: "kubelet" | "buildkit";
  /** When it is pulled. */
  when: string;
  /** With which credentials it is pulled. */
  credentials: string;
  /** The value that makes builds pull it from elsewhere. */
  movedBy: string;
  /** What else to know; empty if there is nothing. */
  note: string;
}

/** An image, or a set of images, that the list cannot name. */
export interface LeftOut {
  what: string;
  /** A sentence that begins with a verb: what to give, so that it is listed. */
  fix: string;
}

/** The images that remote builds require, as far as they are known. */
export interface ImageList {
  images: readonly RequiredImage[];
  leftOut: readonly LeftOut[];
}

const buildPod = "those of the build pod: its docker configuration, or the cloud login of authentication-type";
const mirrors = "mirrors in imageBuilder.buildkit.extraConfig of the data plane chart";

/**
 * How each image is pulled. Read in the stored task, in the data plane chart 2026.8.3 and in buildkit: the build pod runs
 * build-image; buildkit pulls the frontend, as a gateway.v0 source, and what builds are made from, and asks the build pod for
 * credentials.
 */
export const pullsOf: Readonly<
  Record<ImageRole, Pick<RequiredImage, "pulledBy" | "when" | "credentials" | "movedBy">>
> = {
  "build-image": {
    pulledBy: "kubelet",
    when: "each build",
    credentials: "the node's, or the imagePullSecrets of task.podTemplate or of the build pods' service account",
    movedBy: "task.imageNamePrefix, or task.images.buildImage",
  },
  frontend: {
    pulledBy: "buildkit",
    when: "each build",
    credentials: buildPod,
    movedBy: "task.imageNamePrefix, or task.images.frontend",
  },
  uv: {
    pulledBy: "buildkit",
    when: "builds that install Python packages",
    credentials: buildPod,
    movedBy: `${mirrors}; its reference is inside of frontend-v2`,
  },
  "default-base": {
    pulledBy: "buildkit",
    when: "builds that name no base image (Image.from_debian_base)",
    credentials: buildPod,
    movedBy: `${mirrors}, or .clone(base_image=…) in users' code`,
  },
  base: {
    pulledBy: "buildkit",
    when: "builds from this image",
    credentials: `${buildPod}; or the image's registry_secret`,
    movedBy: `${mirrors}, or its name in users' code`,
  },
  buildkit: {
    pulledBy: "kubelet",
    when: "buildkit's pod starts",
    credentials: "the node's, or the imagePullSecrets of buildkit's service account",
    movedBy: "imageBuilder.buildkit.image.repository and .tag of the data plane chart",
  },
  "build-secrets": {
    pulledBy: "kubelet",
    when: "builds with secrets (secret_mounts, registry_secret)",
    credentials: "the node's, or the imagePullSecrets of the build pods' service account",
    movedBy: "config.core.webhook.embeddedSecretManagerConfig.fileMountInitContainer.image of the data plane chart",
  },
  registrar: {
    pulledBy: "kubelet",
    when: "each Job of the image-builder-registrar chart",
    credentials: "the node's, or imagePullSecrets of the image-builder-registrar chart",
    movedBy: "image.registry, or image.repository, of the image-builder-registrar chart",
  },
};
