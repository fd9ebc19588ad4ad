import { stringify } from "yaml";
import { formatImageReference, type ImageReference } from "../registry/image-reference.ts";
import { buildkitMirrors, mirroredHosts } from "./buildkit-mirrors.ts";
import { type MirrorRegistry, mirrorRegistryText } from "./mirror-target.ts";
import type { PlannedCopy } from "./plan-mirror.ts";
import type { ImageRole } from "./required-image.ts";

/** What to paste so that builds pull from a mirror. */
export interface MovingValues {
  /** Values of the image-builder-registrar chart, as YAML. */
  registrarValues: string;
  /** Values of the data plane chart, as YAML; `extraConfig` in it has `buildkitdToml`. */
  dataPlaneValues: string;
  buildkitdToml: string;
}

/** The values that move the images of a mirror. */
export function movingValues(
  copies: readonly PlannedCopy[],
  registry: MirrorRegistry,
  options: { appVersion: string; insecureHosts: readonly string[] },
): MovingValues {
  const buildkitdToml = buildkitMirrors(copies, registry, options.insecureHosts);
  const targetOf = (role: ImageRole) => copies.find(({ image }) => image.role === role)?.target;
  return {
    registrarValues: stringify({
      task: taskValues(copies, registry, options.appVersion),
      ...registryValues(copies, registry, options.insecureHosts),
      ...ownImageValues(targetOf("registrar")),
    }),
    dataPlaneValues: stringify(
      { ...buildkitValues(targetOf("buildkit"), buildkitdToml), ...secretsValues(targetOf("build-secrets")) },
      { lineWidth: 0 },
    ),
    buildkitdToml,
  };
}

/** The check reads images where buildkit does. */
function registryValues(
  copies: readonly PlannedCopy[],
  registry: MirrorRegistry,
  insecureHosts: readonly string[],
): object {
  const mirrors = Object.fromEntries(mirroredHosts(copies).map((host) => [host, mirrorRegistryText(registry)]));
  const isInsecure = insecureHosts.includes(registry.host);
  const values = {
    ...(Object.keys(mirrors).length > 0 && { mirrors }),
    ...(isInsecure && { insecureHosts: [registry.host] }),
  };
  return Object.keys(values).length === 0 ? {} : { registry: values };
}

/** A prefix alone is enough if the names and the tag are the usual ones. */
function taskValues(copies: readonly PlannedCopy[], registry: MirrorRegistry, appVersion: string): object {
  const [buildImage, frontend] = (["build-image", "frontend"] as const).map((role) =>
    copies.find(({ image }) => image.role === role),
  );
  const isUsual = [buildImage, frontend].every(
    (copy) => copy && !copy.isInPlace && copy.target.tag === appVersion && copy.target.digest === undefined,
  );
  if (isUsual) return { imageNamePrefix: mirrorRegistryText(registry) };
  return {
    images: {
      buildImage: buildImage && formatImageReference(buildImage.target),
      frontend: frontend && formatImageReference(frontend.target),
    },
  };
}

const ownRepository = "image-builder-registrar";

function ownImageValues(target: ImageReference | undefined): object {
  if (!target) return {};
  const name = `${target.host}/${target.repository}`;
  const version = {
    ...(target.tag !== undefined && { tag: target.tag }),
    ...(target.digest !== undefined && { digest: target.digest }),
  };
  if (!name.endsWith(`/${ownRepository}`)) return { image: { registry: "", repository: name, ...version } };
  return { image: { registry: name.slice(0, -ownRepository.length - 1), ...version } };
}

function buildkitValues(target: ImageReference | undefined, extraConfig: string): object {
  const image = target && { repository: `${target.host}/${target.repository}`, tag: target.tag };
  return { imageBuilder: { buildkit: { ...(image && { image }), ...(extraConfig !== "" && { extraConfig }) } } };
}

function secretsValues(target: ImageReference | undefined): object {
  if (!target) return {};
  const fileMountInitContainer = { image: formatImageReference(target) };
  return { config: { core: { webhook: { embeddedSecretManagerConfig: { fileMountInitContainer } } } } };
}
