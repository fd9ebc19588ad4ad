import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listener, listen, type ServerCertificate } from "../control-plane/listener.ts";
import { type ImageContent, sha256Of } from "./image-content.ts";
import { errorBody, type RegistryFaultName, registryFaults } from "./registry-faults.ts";
import { answerJson, createGate, type GateOptions } from "./registry-gate.ts";
import { answerFrom, type Repository } from "./repository-answers.ts";

/** What the stand-in is like: a registry of distribution v3 without a login unless told otherwise. */
export interface RegistryOptions extends GateOptions {
  /** An address of this machine that pods reach; the loopback one unless told otherwise. */
  readonly address?: string;
  readonly tls?: ServerCertificate;
  /** All tags in one page, in no order, as docker-registry 2.8. */
  readonly isUnpaged?: boolean;
  /** Blobs are at another origin, which refuses a request with a login, as Amazon S3 does. */
  readonly hasStorage?: boolean;
}

/** What a request had, for assertions. */
interface RegistryCall {
  readonly method: string;
  readonly path: string;
  /** The scheme of its `Authorization`, in lower case; empty without one. */
  readonly login: string;
}

/** A running stand-in. `await using` stops it. */
export interface Registry extends AsyncDisposable {
  /** `http://localhost:40123` */
  readonly url: string;
  /** As references name it: `localhost:40123`. */
  readonly host: string;
  /** Of the storage, if it has one. */
  readonly storageHost: string | undefined;
  readonly calls: readonly RegistryCall[];
  push(repository: string, tag: string, image: ImageContent): void;
  /** What it answers to every request below /v2/ from now on; nothing ends that. */
  fail(fault: RegistryFaultName | "silent" | "tampered" | undefined): void;
  /** Forgets the tokens that it gave, as after their end. */
  expireTokens(): void;
  stop(): Promise<void>;
}

/**
 * Starts a registry in this process. It answers as distribution v3 does, to what a client that only reads may ask;
 * test/registry/real/replay.test.ts holds it to the real ones.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { tls, hasStorage = false } = options;
  const repositories = new Map<string, Repository>();
  const blobs = new Map<string, Buffer>();
  const calls: RegistryCall[] = [];
  let fault: Parameters<Registry["fail"]>[0];
  let storage: Listener | undefined;

  const listener = await listen({
    tls,
    address: options.address,
    httpVersions: "http/1.1",
    handle: (incoming, outgoing) => {
      const request = incoming as IncomingMessage;
      const response = outgoing as ServerResponse;
      const { method = "", headers } = request;
      const { pathname, search } = urlOf(request);
      const scheme = headers.authorization?.split(" ")[0]?.toLowerCase() ?? "";
      calls.push({ method, path: `${pathname}${search}`, login: scheme });
      if (pathname === "/token") return void gate.grant(request, response);
      if (fault === "silent") return;
      if (fault !== undefined && fault !== "tampered") {
        const { status, headers: given, body } = registryFaults[fault];
        response.writeHead(status, given).end(method === "HEAD" ? undefined : body);
        return;
      }
      response.setHeader("docker-distribution-api-version", "registry/2.0");
      const [, repository = ""] = /^\/v2\/(.+)\/(?:manifests|tags|blobs)\//.exec(pathname) ?? [];
      if (!gate.isLoggedIn(headers.authorization, repository)) {
        response.setHeader("www-authenticate", gate.challengeFor(repository, headers.authorization));
        return answerJson(response, 401, errorBody("UNAUTHORIZED", "authentication required"));
      }
      if (storage && pathname.includes("/blobs/")) {
        response.writeHead(307, { location: `${storage.url}${pathname}?X-Amz-Signature=1` }).end();
        return;
      }
      answerFrom(
        { repositories, blobs, isUnpaged: options.isUnpaged ?? false },
        request,
        response,
        fault === "tampered",
      );
    },
  });
  const gate = createGate({ ...options, realm: options.realm ?? `${listener.url}/token` });
  storage = hasStorage ? await startStorage(blobs, tls) : undefined;

  const stop = async () => {
    await listener.close();
    await storage?.close();
  };
  return {
    url: listener.url,
    host: new URL(listener.url).host,
    storageHost: storage && new URL(storage.url).host,
    calls,
    push(name, tag, image) {
      const repository = repositories.get(name) ?? { tags: new Map(), manifests: new Map() };
      repositories.set(name, repository);
      const add = (content: ImageContent) => {
        repository.manifests.set(content.digest, content);
        for (const blob of content.blobs) blobs.set(sha256Of(blob), blob);
        content.children.forEach(add);
      };
      add(image);
      repository.tags.set(tag, image.digest);
    },
    fail: (next) => {
      fault = next;
    },
    expireTokens: gate.expireTokens,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** As Amazon S3 answers a presigned address with a second login: https://repost.aws/questions/QUcLXg1WoGQ6mPWyqbXPQj6A */
function startStorage(blobs: ReadonlyMap<string, Buffer>, tls: ServerCertificate | undefined): Promise<Listener> {
  return listen({
    tls,
    httpVersions: "http/1.1",
    handle: (request, response) => {
      if (request.headers["authorization"] !== undefined) {
        const message =
          "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified";
        response.writeHead(400, { "content-type": "application/xml" });
        return void response.end(
          `<?xml version="1.0"?><Error><Code>InvalidArgument</Code><Message>${message}</Message></Error>`,
        );
      }
      const blob = blobs.get(/\/blobs\/(sha256:[0-9a-f]+)/.exec(request.url ?? "")?.[1] ?? "");
      response.writeHead(blob ? 200 : 404, { "content-length": blob?.length ?? 0 });
      response.end(blob ?? "");
    },
  });
}

function urlOf({ url = "" }: IncomingMessage): URL {
  return new URL(url, "http://localhost");
}
