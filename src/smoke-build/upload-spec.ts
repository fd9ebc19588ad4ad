import { createHash } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import { deadlines } from "../system/deadlines.ts";
import type { BuildContext } from "./build-context.ts";
import { absent, type BuildRequests } from "./build-requests.ts";
import { type Upload, uploadFailure, uploadUnreachable } from "./failures/upload-failures.ts";

/** How long the SDK asks its signed URLs to be good for (flyte 2.12.1). */
const lifetimeSeconds = 900n;

/** Bytes of a bucket's answer that are read: S3 and its kind answer in some hundred. */
const mostBytes = 16_384;

/**
 * Uploads the spec of the image to where the data plane says.
 * @returns its native URL, such as `s3://bucket/uploads/…/spec.pb`, which the task gets
 * @throws {RegistrarError} build-upload-…, and those of `askDataPlane`
 */
export async function uploadSpec(
  spec: Uint8Array,
  context: BuildContext,
  requests: BuildRequests,
  signal: AbortSignal,
): Promise<string> {
  const { project, domain } = context.run;
  const digest = createHash("md5").update(spec).digest();
  const location = await requests.askDataPlane(
    "create-upload-location",
    "create-upload-location",
    (transport, options) =>
      createClient(DataProxyService, transport).createUploadLocation(
        {
          project,
          domain,
          org: context.org,
          filename: "spec.pb",
          contentMd5: digest,
          addContentMd5Metadata: true,
          expiresIn: { seconds: lifetimeSeconds },
        },
        options,
      ),
  );
  if (location === absent) throw problem("control-plane-not-spoken", { endpoint: context.endpoint.url });
  const { signedUrl, nativeUrl } = location;
  // Whoever has the whole of it may write to the bucket.
  for (const secret of secretParts(signedUrl)) context.session.protect(secret);
  const headers = mergeHeaders(location.headers, {
    "Content-MD5": digest.toString("base64"),
    "Content-Length": String(spec.length),
    // Azure requires it, and tells nobody in the answer (flyte 2.12.1 decides by the scheme too).
    ...(nativeUrl.startsWith("abfs") && { "x-ms-blob-type": "BlockBlob" }),
  });
  await put({ signedUrl, nativeUrl }, headers, spec, context, signal);
  return nativeUrl;
}

/** How often an upload is tried: the SDK tries four times (flyte 2.12.1). */
const mostAttempts = 4;

/** Milliseconds before the second attempt; each pause is twice as long as the one before, and half of it is by chance. */
const firstPauseMilliseconds = 500;

/** Statuses of a bucket that has no time now; the SDK repeats these too. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Sends the spec to the bucket, again if it fails in a way that may pass. */
async function put(
  upload: Upload,
  headers: Readonly<Record<string, string>>,
  spec: Uint8Array,
  { clock, fetch }: BuildContext,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const end = AbortSignal.any([signal, clock.timeout(deadlines.upload.milliseconds)]);
    let failure: RegistrarError;
    let mayPass = true;
    try {
      const request = { method: "PUT", headers, body: spec, signal: end, mostBytes };
      const { status, text } = await fetch(upload.signedUrl, request);
      if (status >= 200 && status < 300) return;
      failure = uploadFailure({ status, body: text }, upload);
      mayPass = passing.has(status) || text.includes("<Code>RequestTimeout<");
    } catch (error) {
      failure = uploadUnreachable(end.aborted ? end.reason : error, upload);
    }
    signal.throwIfAborted();
    if (!mayPass || attempt === mostAttempts) throw failure;
    await clock.sleep(firstPauseMilliseconds * 2 ** (attempt - 1) * (0.5 + clock.random() / 2), signal);
  }
}

/**
 * Headers of several sources, one of each name. The later source counts, and names are compared without their case: S3 refuses
 * a signed header that comes twice.
 */
export function mergeHeaders(...sources: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged = new Map<string, [name: string, value: string]>();
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) merged.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(merged.values());
}

/** What signs a URL: `X-Amz-Signature`, `X-Goog-Signature`, Azure's `sig`, and tokens of temporary credentials. */
function secretParts(url: string): string[] {
  const values = [...(URL.parse(url)?.searchParams ?? [])].flatMap(([name, value]) =>
    /signature|token|^sig$/i.test(name) ? [value, encodeURIComponent(value)] : [],
  );
  return values.filter((value) => value.length >= 8);
}
