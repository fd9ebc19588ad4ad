import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../certificates/certificates.ts";
import { startProxy } from "../proxy/connect-proxy.ts";
import { type ImageContent, imageContent, indexContent } from "./image-content.ts";
import { pushImage } from "./push-image.ts";
import { basicLogin, type RegistryPrograms, startRealRegistry } from "./real-registry.ts";

/** The name of the private registry that images are copied to. */
export const mirrorHost = "mirror.test";

/** Registries where images are published, under the names by which their API is asked. */
const publicHosts = ["registry-1.docker.io", "index.docker.io", "public.ecr.aws", "ghcr.io"];

/** What the images of the lab are for. */
const buildFlags = "--app-version 2026.8.3 --python 3.12 --sdk-version 2.12.1 --base-image python:3.12-slim";

/** An image of the lab. */
interface LabImage {
  /** `docker.io/library/python:3.12-slim` */
  readonly reference: string;
  /** Path in a mirror: `library/python` */
  readonly path: string;
  /** Its tag, or its digest. */
  readonly version: string;
  readonly content: ImageContent;
}

/**
 * Public registries with the images of a build, and a private one with TLS and a login, all behind a proxy that knows them by
 * their names. `await using` stops all of it.
 */
export interface MirrorLab extends AsyncDisposable {
  readonly images: readonly LabImage[];
  /** The private registry in plain HTTP and without a login, for a test that looks into it. */
  readonly mirrorUrl: string;
  /** Flags of `images mirror` for this lab. */
  readonly flags: readonly string[];
  /** Variables for it. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder for the test's own files. */
  readonly folder: string;
}

/** Starts the lab. */
export async function startMirrorLab(programs: RegistryPrograms): Promise<MirrorLab> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "mirror-lab-")), (path) => rmSync(path, { recursive: true }));
  const ca = await createAuthority("Acme Root CA");
  const tls = await ca.issue({ dnsNames: ["localhost", mirrorHost, ...publicHosts] });
  const published = stack.use(await startRealRegistry("v3", { programs, tls }));
  const filling = stack.use(await startRealRegistry("v3", { programs, storage: published.storage }));
  const mirror = stack.use(await startRealRegistry("v3", { programs, tls, auth: "basic" }));
  const looking = stack.use(await startRealRegistry("v3", { programs, storage: mirror.storage }));
  const images = labImages();
  for (const { reference, version, content } of images) {
    const [, repository = ""] = /^[^/]+\/([^:@]+)/.exec(reference) ?? [];
    await pushImage(filling.url, repository, version, content);
  }
  const places = Object.fromEntries(publicHosts.map((host) => [`${host}:443`, published.host]));
  const proxy = stack.use(await startProxy({ places: { ...places, [`${mirrorHost}:443`]: mirror.host } }));
  writeFileSync(join(folder, "ca.pem"), ca.certificatePem);
  const auth = Buffer.from(`${basicLogin.username}:${basicLogin.password}`).toString("base64");
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [mirrorHost]: { auth } } }));
  const started = stack.move();
  return {
    images,
    folder,
    mirrorUrl: looking.url,
    flags: [
      ...buildFlags.split(" "),
      ...images.flatMap(({ reference }) => (reference.includes("@") ? ["--base-image", reference] : [])),
      "--control-plane-ca-file",
      join(folder, "ca.pem"),
      "--control-plane-proxy",
      proxy.url,
    ],
    env: { HOME: folder, DOCKER_CONFIG: folder },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/**
 * The images that a build of appVersion 2026.8.3 needs: of one platform and of two, of both media types, with and without
 * attestations, by their tags and by a digest. Few blobs in all, since each costs a tool some requests.
 */
function labImages(): LabImage[] {
  const union = "public.ecr.aws/g1m2l3c1/imagebuilder-staging";
  const pinned = onePlatform("amd64", false);
  return [
    tagged(`${union}/build-image:2026.8.3`, "build-image", index({ isAttested: true })),
    tagged(`${union}/frontend-v2:2026.8.3`, "frontend-v2", onePlatform("amd64", false)),
    tagged("ghcr.io/flyteorg/flyte:py3.12-v2.12.1", "flyteorg/flyte", index({ isAttested: true })),
    tagged("docker.io/library/python:3.12-slim", "library/python", index({ isSchema2: true })),
    { reference: `ghcr.io/acme/pinned@${pinned.digest}`, path: "acme/pinned", version: pinned.digest, content: pinned },
    tagged("docker.io/moby/buildkit:buildx-stable-1", "moby/buildkit", onePlatform("amd64", true)),
    tagged("public.ecr.aws/docker/library/busybox:latest", "docker/library/busybox", onePlatform("arm64", false)),
  ];
}

function tagged(reference: string, path: string, content: ImageContent): LabImage {
  return { reference, path, version: reference.slice(reference.lastIndexOf(":") + 1), content };
}

function index({ isSchema2 = false, isAttested = false }): ImageContent {
  const images = ["amd64", "arm64"].map((architecture) => onePlatform(architecture, isSchema2));
  return indexContent(images, { isSchema2, isAttested });
}

/** Large enough that a copy takes a while, and not to be compressed further. */
function onePlatform(architecture: string, isSchema2: boolean): ImageContent {
  return imageContent({ architecture, isSchema2, layers: [randomBytes(600_000)] });
}
