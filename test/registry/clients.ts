import { RegistrarError } from "../../src/findings/registrar-error.ts";
import type { Route } from "../../src/network/route.ts";
import { createRegistryClient } from "../../src/registry/create-registry-client.ts";
import { parseDockerConfig } from "../../src/registry/docker-config.ts";
import { parseImageReference } from "../../src/registry/image-reference.ts";
import { createLogins, type Logins, noLogins } from "../../src/registry/logins.ts";
import type { RegistryClient } from "../../src/registry/registry-client.ts";
import { type Clock, systemClock } from "../../src/system/clock.ts";
import { described } from "../../testing/findings/described.ts";

/** Never aborts. */
export const always = new AbortController().signal;

/** No proxy, and no other CAs than the public ones. */
const direct: Route = { skipVerify: false, certificateAuthorities: undefined, proxy: undefined, noProxy: "" };

/** What is different in a client of a test. */
export interface ClientOptions {
  readonly clock?: Clock;
  readonly logins?: Logins;
  readonly route?: Partial<Route>;
  readonly insecureHosts?: readonly string[];
}

/** A client, and what it protects. `using` closes it. */
export interface TestClient extends RegistryClient, Disposable {
  readonly secrets: readonly string[];
}

/** Opens a client; a registry with http:// is spoken to in plain HTTP. */
export function openClient(urls: readonly { readonly url: string }[], options: ClientOptions = {}): TestClient {
  const { clock = systemClock, logins = noLogins, route } = options;
  const plain = urls.flatMap(({ url }) => (url.startsWith("http:") ? new URL(url).host : []));
  const secrets: string[] = [];
  const client = createRegistryClient({
    clock,
    logins,
    route: { ...direct, ...route },
    insecureHosts: options.insecureHosts ?? plain,
    protect: (secret) => secrets.push(secret),
  });
  return { ...client, secrets, [Symbol.dispose]: client.close };
}

/** The logins of a Docker configuration with one entry. */
export function loginsOf(host: string, entry: object): Logins {
  const config = parseDockerConfig(JSON.stringify({ auths: { [host]: entry } }), "/auth/config.json");
  return createLogins(config, "/auth/config.json", {
    runProcess: () => Promise.reject(new Error("no program can be run here")),
    environment: {},
    cwd: "/",
  });
}

/** A reference to an image of a registry: `acme/base:1`. */
export function referenceTo({ host }: { readonly host: string }, image: string) {
  return parseImageReference(`${host}/${image}`);
}

/** The error that a promise fails with, with its texts. */
export async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => new Error("it does not fail"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RegistrarError)) throw error;
  return { ...described(error.finding), retryAfter: error.retryAfter };
}
