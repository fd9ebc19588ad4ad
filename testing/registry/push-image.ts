import type { ImageContent } from "./image-content.ts";
import { sha256Of } from "./image-content.ts";

/**
 * Pushes an image to a registry that asks for no login, as the distribution specification has it: each blob by one request, then
 * the manifests, the tag last.
 * @param url `http://localhost:5000`
 */
export async function pushImage(url: string, repository: string, tag: string, image: ImageContent): Promise<void> {
  for (const blob of image.blobs) {
    const begun = await send(`${url}/v2/${repository}/blobs/uploads/`, { method: "POST" }, 202);
    const location = new URL(begun.headers.get("location") ?? "", url);
    location.searchParams.set("digest", sha256Of(blob));
    const headers = { "content-type": "application/octet-stream" };
    await send(location, { method: "PUT", headers, body: new Uint8Array(blob) }, 201);
  }
  for (const child of image.children) await pushImage(url, repository, child.digest, child);
  const headers = { "content-type": image.mediaType };
  const body = new Uint8Array(image.bytes);
  await send(`${url}/v2/${repository}/manifests/${tag}`, { method: "PUT", headers, body }, 201);
}

async function send(url: string | URL, request: RequestInit, expected: number): Promise<Response> {
  const response = await fetch(url, request);
  if (response.status === expected) return response;
  throw new Error(`${request.method} ${url} answers ${response.status}: ${await response.text()}`);
}
