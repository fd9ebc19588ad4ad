import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { ServiceImpl } from "@connectrpc/connect";
import type { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { base32 } from "./base32.ts";
import type { Behaviors } from "./behaviors.ts";
import type { UploadAnswer } from "./build-behavior.ts";
import { answer, type NodeRequest, type NodeResponse } from "./node-http.ts";
import { type Projects, requireProject } from "./projects.ts";
import { type RecordedRequest, recordedUpload } from "./recorded-requests.ts";
import { serverTime } from "./times.ts";

/** The bucket of the data plane: places to upload to, and the PUT itself. */
export interface ObjectStore {
  readonly createUploadLocation: ServiceImpl<typeof DataProxyService>["createUploadLocation"];
  /** Answers a PUT to a signed URL. */
  put(request: NodeRequest, response: NodeResponse): Promise<void>;
  /** What was uploaded to a native URL. */
  read(nativeUrl: string): Uint8Array | undefined;
}

/** What the bucket is part of. */
export interface ObjectStoreParts {
  readonly projects: Projects;
  readonly behaviors: Behaviors;
  readonly now: () => Date;
  /** Where its signed URLs point. */
  readonly origin: () => string;
  /** Told of each upload before it is answered. */
  readonly onUpload: (upload: RecordedRequest) => void;
}

/** Its name. */
export const bucket = "flyte-data";
const defaultLifetimeSeconds = 900;

/** The query of a URL that S3 signed; the signature is a made-up one that cannot be guessed. */
function signature(at: Date, lifetimeSeconds: number, signedHeaders: string[]): URLSearchParams {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `stand/${time.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(lifetimeSeconds),
    "X-Amz-SignedHeaders": [...signedHeaders, "host"].sort().join(";"),
    "X-Amz-Signature": randomBytes(32).toString("hex"),
  });
}

/** An upload that was announced. */
interface Location {
  readonly nativeUrl: string;
  readonly digest: string;
  /** The headers that are part of the signature, by their names in lower case. */
  readonly signedHeaders: Readonly<Record<string, string>>;
}

const refusal = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** How S3 answers an upload. A signed header must come once, and as it was signed: two of them come as "a, a". */
function judge(location: Location | undefined, headers: NodeRequest["headers"], content: Uint8Array): UploadAnswer {
  const isSigned = ([name, value]: [string, string]) => headers[name] === value;
  if (location === undefined || !Object.entries(location.signedHeaders).every(isSigned)) {
    const reason =
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    return { status: 403, body: refusal("SignatureDoesNotMatch", reason) };
  }
  if (createHash("md5").update(content).digest("base64") === location.digest) return { status: 200, body: "" };
  const reason = "The Content-MD5 you specified did not match what we received.";
  return { status: 400, body: refusal("BadDigest", reason) };
}

/** A bucket that checks what is uploaded and keeps it. */
export function createObjectStore(parts: ObjectStoreParts): ObjectStore {
  const { projects, behaviors, now, origin, onUpload } = parts;
  const locations = new Map<string, Location>();
  const objects = new Map<string, Uint8Array>();
  return {
    createUploadLocation({ project, domain, filename, contentMd5, expiresIn, addContentMd5Metadata }) {
      requireProject(projects, project);
      const at = now();
      const lifetimeSeconds = Number(expiresIn?.seconds ?? defaultLifetimeSeconds);
      const digest = Buffer.from(contentMd5).toString("base64");
      const required = {
        "Content-MD5": digest,
        ...(addContentMd5Metadata && { "x-amz-meta-flyteContentMD5": digest }),
      };
      const signedHeaders = Object.fromEntries(
        Object.entries(required).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const key = ["uploads", project, domain, base32(contentMd5), filename];
      const query = signature(at, lifetimeSeconds, Object.keys(signedHeaders));
      const path = `/${[bucket, ...key].map(encodeURIComponent).join("/")}?${query}`;
      const nativeUrl = `s3://${[bucket, ...key].join("/")}`;
      locations.set(path, { nativeUrl, digest, signedHeaders });
      const signedUrl = new URL(path, origin());
      signedUrl.host = behaviors.current().signedUrlHost ?? signedUrl.host;
      return {
        signedUrl: signedUrl.href,
        nativeUrl,
        expiresAt: serverTime(new Date(at.getTime() + lifetimeSeconds * 1000), 157_268),
        // The real server gives the length of the digest, too, in place of the content's.
        headers: { "Content-Length": String(digest.length), ...required },
      };
    },
    async put(request, response) {
      const content = await buffer(request);
      onUpload(recordedUpload(request, content));
      const location = locations.get(request.url ?? "");
      const { status, body } = behaviors.uploadAnswer() ?? judge(location, request.headers, content);
      if (status === 200 && location !== undefined) objects.set(location.nativeUrl, content);
      answer(response, { status, contentType: "application/xml", body });
    },
    read: (nativeUrl) => objects.get(nativeUrl),
  };
}
