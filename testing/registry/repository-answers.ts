import type { IncomingMessage, ServerResponse } from "node:http";
import type { ImageContent } from "./image-content.ts";
import { errorBody } from "./registry-faults.ts";

/** What a repository holds. */
export interface Repository {
  /** Digests by tag. */
  readonly tags: Map<string, string>;
  /** By digest. */
  readonly manifests: Map<string, ImageContent>;
}

/** What a registry holds. */
export interface Holdings {
  readonly repositories: ReadonlyMap<string, Repository>;
  /** By digest. */
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly isUnpaged: boolean;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** The grammar of the specification, which distribution's router has; other paths are not its API. */
const api =
  /^\/v2\/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)\/(?:manifests\/(\w[\w.-]{0,127}|sha256:[0-9a-f]{64})|tags\/(list)|blobs\/(sha256:[0-9a-f]{64}))$/;

/** Answers a request that is logged in. With `isTampered`, manifests are other than their digests say. */
export function answerFrom(
  holdings: Holdings,
  request: IncomingMessage,
  response: ServerResponse,
  isTampered: boolean,
): void {
  const { status, headers = {}, body } = replyTo(holdings, request);
  const sent = isTampered && status === 200 ? Buffer.concat([Buffer.from(body as Buffer), Buffer.from("\n")]) : body;
  response.writeHead(status, {
    "content-length": Buffer.byteLength(sent),
    "content-type": "application/json",
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : sent);
}

function replyTo(holdings: Holdings, { method = "", url = "", headers }: IncomingMessage): Reply {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === "/v2/") return { status: 200, body: "{}" };
  const [, name, tag, list, blob] = api.exec(pathname) ?? [];
  const plain = { "content-type": "text/plain; charset=utf-8" };
  if (name === undefined) return { status: 404, headers: plain, body: "404 page not found\n" };
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: plain, body: "Method not allowed\n" };
  const repository = holdings.repositories.get(name);
  if (tag !== undefined) return manifestReply(repository, tag, headers.accept ?? "");
  if (list !== undefined) return tagsReply(name, repository, searchParams, holdings.isUnpaged);
  return blobReply(holdings.blobs.get(blob ?? ""), blob ?? "", headers.range);
}

/** A manifest in a form that the client does not name is as good as missing, to both of the real ones if it is of OCI. */
function manifestReply(repository: Repository | undefined, tag: string, accept: string): Reply {
  const manifest = repository?.manifests.get(repository.tags.get(tag) ?? tag);
  if (!manifest) return { status: 404, body: errorBody("MANIFEST_UNKNOWN", "manifest unknown", `unknown tag=${tag}`) };
  const { mediaType, digest, bytes } = manifest;
  if (!accept.split(/\s*,\s*/).includes(mediaType)) {
    const message = "OCI manifest found, but accept header does not support OCI manifests";
    return { status: 404, body: errorBody("MANIFEST_UNKNOWN", message) };
  }
  const headers = { "content-type": mediaType, "docker-content-digest": digest, etag: `"${digest}"` };
  return { status: 200, headers, body: bytes };
}

function tagsReply(
  name: string,
  repository: Repository | undefined,
  query: URLSearchParams,
  isUnpaged: boolean,
): Reply {
  if (!repository)
    return { status: 404, body: errorBody("NAME_UNKNOWN", "repository name not known to registry", { name }) };
  const all = [...repository.tags.keys()];
  if (isUnpaged) return { status: 200, body: `${JSON.stringify({ name, tags: all.reverse() })}\n` };
  const last = query.get("last") ?? "";
  const count = Number(query.get("n") ?? all.length);
  const following = all.sort().filter((tag) => tag > last);
  const tags = following.slice(0, count);
  // It names a next page after each full one, also after the last.
  const isMore = query.has("n") && tags.length === count;
  const link = `</v2/${name}/tags/list?last=${tags.at(-1)}&n=${count}>; rel="next"`;
  return { status: 200, ...(isMore && { headers: { link } }), body: `${JSON.stringify({ name, tags })}\n` };
}

function blobReply(blob: Buffer | undefined, digest: string, range: string | undefined): Reply {
  if (!blob) return { status: 404, body: errorBody("BLOB_UNKNOWN", "blob unknown to registry", digest) };
  const headers = {
    "content-type": "application/octet-stream",
    "accept-ranges": "bytes",
    "docker-content-digest": digest,
    etag: `"${digest}"`,
  };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  if (first === undefined) return { status: 200, headers, body: blob };
  const part = blob.subarray(Number(first), Number(last) + 1);
  const contentRange = `bytes ${first}-${Number(first) + part.length - 1}/${blob.length}`;
  return { status: 206, headers: { ...headers, "content-range": contentRange }, body: part };
}
