import type { Route } from "../network/route.ts";
import type { Clock } from "../system/clock.ts";
import { createAskRegistry } from "./ask-registry.ts";
import { createAuthorizer } from "./authorizer.ts";
import { createBlobReader } from "./blobs.ts";
import type { Logins } from "./logins.ts";
import { createManifestReader } from "./manifest-reader.ts";
import { createOriginConnections } from "./origin-connections.ts";
import type { RegistryClient } from "./registry-client.ts";
import { createRegistryOrigins } from "./registry-origins.ts";
import { createSendRequest } from "./registry-requests.ts";
import { createTagReader } from "./tag-reader.ts";

/** What a client of registries depends on. */
export interface RegistryClientOptions {
  route: Route;
  clock: Clock;
  logins: Logins;
  /** Registries and token endpoints (`host:port`) that speak plain HTTP. */
  insecureHosts: readonly string[];
  /** Keeps a secret out of all output. */
  protect(secret: string): void;
}

/**
 * Creates a client of registries, which serves any number of requests at the same time over connections that it keeps. It tries
 * nothing twice, apart from logins: `retry` of src/system does.
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { route, clock, logins, insecureHosts, protect } = options;
  const closed = new AbortController();
  const connections = createOriginConnections(route, clock);
  const origins = createRegistryOrigins(insecureHosts);
  const { mayBeInsecure, originOf } = origins;
  const authorizer = createAuthorizer({ connections, clock, logins, mayBeInsecure, protect });
  const send = createSendRequest({ connections, authorizer, origins, closed: closed.signal, clock });
  const ask = createAskRegistry(send, clock);
  const shared = { ask, originOf, date: clock.date };
  const { listTags, explainMissing } = createTagReader(shared);
  const blobs = createBlobReader({ ask, send, originOf, clock });
  return {
    ...createManifestReader({ ...shared, explainMissing, readConfig: blobs.readConfig }),
    ...blobs,
    listTags,
    refusedLogins: authorizer.refused,
    close() {
      closed.abort();
      connections.close();
    },
  };
}
