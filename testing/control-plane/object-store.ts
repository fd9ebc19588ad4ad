import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { ServiceImpl } from "@connectrpc/connect";
import type { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { base32 } from "./base32.ts";
import { answer, type NodeRequest, type NodeResponse } from "./node-http.ts";
import { type Projects, requireProject } from "./projects.ts";
import { serverTime } from "./times.ts";

/** What the data plane gives the default copy style: a place to upload a code bundle to, and the PUT itself. */
export interface ObjectStore {
  readonly service: Pick<ServiceImpl<typeof DataProxyService>, "createUploadLocation">;
  /** Answers a PUT to a signed URL. */
  put(request: NodeRequest, response: NodeResponse): Promise<void>;
}

const bucket = "flyte-data";
const defaultLifetimeSeconds = 900;

/** The query of a URL that S3 signed; the signature is a made-up one that cannot be guessed. */
function signature(at: Date, lifetimeSeconds: number): URLSearchParams {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `stand/${time.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(lifetimeSeconds),
    "X-Amz-SignedHeaders": "content-md5;host",
    "X-Amz-Signature": randomBytes(32).toString("hex"),
  });
}

/** An object store that checks what is uploaded and keeps nothing. `origin` is where its signed URLs point. */
export function createObjectStore(projects: Projects, now: () => Date, origin: () => string): ObjectStore {
  const expectedDigests = new Map<string, string>();
  return {
    service: {
      createUploadLocation({ project, domain, filename, contentMd5, expiresIn }) {
        requireProject(projects, project);
        const at = now();
        const lifetimeSeconds = Number(expiresIn?.seconds ?? defaultLifetimeSeconds);
        const key = ["uploads", project, domain, base32(contentMd5), filename];
        const path = `/${[bucket, ...key].map(encodeURIComponent).join("/")}?${signature(at, lifetimeSeconds)}`;
        const digest = Buffer.from(contentMd5).toString("base64");
        expectedDigests.set(path, digest);
        return {
          signedUrl: `${origin()}${path}`,
          nativeUrl: `s3://${[bucket, ...key].join("/")}`,
          expiresAt: serverTime(new Date(at.getTime() + lifetimeSeconds * 1000), 157_268),
          // The real server gives the length of the digest, too, in place of the content's.
          headers: { "Content-Length": String(digest.length), "Content-MD5": digest },
        };
      },
    },
    async put(request, response) {
      const digest = createHash("md5")
        .update(await buffer(request))
        .digest("base64");
      const accepted = expectedDigests.get(request.url ?? "") === digest;
      answer(response, { status: accepted ? 200 : 403, contentType: "application/xml", body: "" });
    },
  };
}
