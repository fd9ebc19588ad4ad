import { createHash, randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import type { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { answer, type NodeRequest, type NodeResponse } from "./node-http.ts";
import { type Projects, requireActiveProject } from "./projects.ts";

/** What the data plane gives the default copy style: a place to upload a code bundle to, and the PUT itself. */
export interface ObjectStore {
  readonly service: Pick<ServiceImpl<typeof DataProxyService>, "createUploadLocation">;
  /** Answers a PUT to a signed URL. */
  put(request: NodeRequest, response: NodeResponse): Promise<void>;
}

const lifetimeMs = 900_000;

/** An object store that checks what is uploaded and keeps nothing. `origin` is where its signed URLs point. */
export function createObjectStore(projects: Projects, now: () => Date, origin: () => string): ObjectStore {
  const expectedDigests = new Map<string, string>();
  return {
    service: {
      createUploadLocation({ project, domain, filename, contentMd5 }) {
        requireActiveProject(projects, project);
        const path = `/uploads/${randomUUID()}`;
        expectedDigests.set(path, Buffer.from(contentMd5).toString("base64"));
        const digest = Buffer.from(contentMd5).toString("hex");
        return {
          signedUrl: `${origin()}${path}`,
          nativeUrl: `s3://flyte-data/uploads/${project}/${domain}/${digest}/${filename}`,
          expiresAt: timestampFromDate(new Date(now().getTime() + lifetimeMs)),
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
