import { once } from "node:events";
import type { RequestListener } from "node:http";
import http from "node:http";
import https from "node:https";
import type net from "node:net";
import type { AddressInfo } from "node:net";
import type { ServerCertificate } from "../../testing/control-plane/listener.ts";
import type { HealthyWorld, WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import { type ImageRequest, imageContent } from "../../testing/registry/image-content.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../../testing/registry/registry.ts";

/** The data plane has no buildkit: Depot builds images. */
export const withDepot: WorldOptions = { buildConfig: { "buildkit-uri": "" } };

/** Only build pods reach buildkit, so this program's own view of registries and indexes is all that there is. */
export const withoutBuildkit: WorldOptions = { buildConfig: { "buildkit-uri": "unix:///run/buildkit/buildkitd.sock" } };

/** What the base images of worlds are called in their registries. */
export const basePath = "base/python";

/** Builds ask for this version, which the configuration of an image names as Docker's official images do. */
export const officialPython = ["PATH=/usr/local/bin:/usr/bin:/bin", "PYTHON_VERSION=3.12.4"] as const;

/** An image that has what builds ask for, to judge by its configuration. */
const officialImage = imageContent({ env: officialPython, layers: [] });

/** Users build on this image; without a reference, on one in the world's registry that has what they ask for. */
export function setBaseImage(world: HealthyWorld, reference?: string): void {
  const image = reference ?? `${world.registry.host}/${basePath}:3.12`;
  if (reference === undefined) world.registry.push(basePath, "3.12", officialImage);
  setBuilds(world, { baseImages: [{ image, python: ["3.12"] }] });
}

/** Users build on an image like this, which is in the world's registry. */
export function pushBaseImage(world: HealthyWorld, request: ImageRequest): void {
  setBaseImage(world);
  world.registry.push(basePath, "3.12", imageContent({ layers: [], ...request }));
}

/** Adds settings of builds. */
export function setBuilds(world: HealthyWorld, builds: object): void {
  world.settings["builds"] = { ...(world.settings["builds"] as object | undefined), ...builds };
}

/** Starts a registry of its own, of plain HTTP unless it has a certificate, with a base image. */
export async function startBaseRegistry(
  world: HealthyWorld,
  stack: AsyncDisposableStack,
  options: RegistryOptions = {},
): Promise<Registry> {
  const registry = stack.use(await startRegistry(options));
  registry.push(basePath, "3.12", officialImage);
  if (!options.tls) allowPlainHttp(world, registry.host);
  setBaseImage(world, `${registry.host}/${basePath}:3.12`);
  return registry;
}

/** Lets the program speak plain HTTP to a registry. */
export function allowPlainHttp({ settings: { registry } }: HealthyWorld, host: string): void {
  registry["insecureHosts"] = [...(registry["insecureHosts"] as string[]), host];
}

/** Gives the program a Docker configuration. */
export async function writeDockerConfig(world: HealthyWorld, config: object): Promise<void> {
  world.settings.registry["authFile"] = await world.write("config.json", JSON.stringify(config));
}

/** Gives the program a login for a registry. */
export function writeLogin(
  world: HealthyWorld,
  host: string,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return writeDockerConfig(world, { auths: { [host]: { auth } } });
}

/** Starts a server on loopback, which ends with the test. @returns its `localhost:<port>` */
export async function openServer(stack: AsyncDisposableStack, server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `localhost:${(server.address() as AddressInfo).port}`;
}

/** Starts a web server, which ends with the test. @returns its URL, without a path */
export async function serve(
  stack: AsyncDisposableStack,
  listener: RequestListener,
  certificate?: ServerCertificate,
): Promise<string> {
  const server = certificate
    ? https.createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, listener)
    : http.createServer(listener);
  return `${certificate ? "https" : "http"}://${await openServer(stack, server)}`;
}

/** Answers as a package index that has every package (PEP 691). */
export const hasEverything: RequestListener = (_, response) =>
  response.setHeader("content-type", "application/vnd.pypi.simple.v1+json").end('{"name":"pip","files":[]}');
