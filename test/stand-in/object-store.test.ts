import { createHash } from "node:crypto";
import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const content = "a code bundle";
const contentMd5 = createHash("md5").update(content).digest();
const request = { project: "system", domain: "production", filename: "fast.tar.gz", contentMd5 };

let plane: ControlPlane;
beforeEach(async () => {
  plane = await startControlPlane();
});
afterEach(() => plane.stop());

const locate = () => connectTo(DataProxyService, plane).createUploadLocation(request);
const digest = contentMd5.toString("base64");
const put = (url: string, body: string, headers: [string, string][] = [["content-md5", digest]]) =>
  fetch(url, { method: "PUT", body, headers });

test("SelectCluster sends uploads to the control plane itself", async () => {
  expect((await connectTo(ClusterService, plane).selectCluster({})).clusterEndpoint).toBe(plane.url);
});

test("a signed URL takes the announced content and nothing else", async () => {
  const { signedUrl, nativeUrl } = await locate();
  expect(nativeUrl).toBe("s3://flyte-data/uploads/system/production/YPRZQVP7VEDARDUAUZCL3EUAYY======/fast.tar.gz");
  expect((await put(signedUrl, "something else")).status).toBe(400);
  expect((await put(signedUrl, content)).status).toBe(200);
  expect((await put(signedUrl.replace(/.$/, "x"), content)).status).toBe(403);
  expect(plane.calls.map(({ method }) => method).slice(1)).toEqual(["PUT upload", "PUT upload", "PUT upload"]);
});

test("a signed header must come once, as it was signed", async () => {
  const { signedUrl, headers } = await connectTo(DataProxyService, plane).createUploadLocation({
    ...request,
    addContentMd5Metadata: true,
  });
  const metadata: [string, string] = ["x-amz-meta-flyteContentMD5", headers["x-amz-meta-flyteContentMD5"] ?? ""];
  const md5: [string, string] = ["Content-MD5", digest];
  const refused = [[], [md5], [metadata], [md5, ["content-md5", digest], metadata], [["Content-MD5", "x"], metadata]];
  for (const sent of refused as [string, string][][]) {
    const response = await put(signedUrl, content, sent);
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("SignatureDoesNotMatch")]);
  }
  expect((await put(signedUrl, content, [md5, metadata])).status).toBe(200);
});

test("there is no upload into a missing project", async () => {
  plane.projects.setState("system", undefined);
  await expect(locate()).rejects.toMatchObject({ code: Code.NotFound, rawMessage: 'project "system" not found' });
});
