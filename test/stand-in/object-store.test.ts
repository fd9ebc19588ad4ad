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
const put = (url: string, body: string) => fetch(url, { method: "PUT", body });

test("SelectCluster sends uploads to the control plane itself", async () => {
  expect((await connectTo(ClusterService, plane).selectCluster({})).clusterEndpoint).toBe(plane.url);
});

test("a signed URL takes the announced content and nothing else", async () => {
  const { signedUrl, nativeUrl } = await locate();
  expect(nativeUrl).toBe("s3://flyte-data/uploads/system/production/YPRZQVP7VEDARDUAUZCL3EUAYY======/fast.tar.gz");
  expect((await put(signedUrl, "something else")).status).toBe(403);
  expect((await put(signedUrl, content)).status).toBe(200);
  expect((await put(signedUrl.replace(/.$/, "x"), content)).status).toBe(403);
  expect(plane.calls.map(({ method }) => method).slice(1)).toEqual(["PUT upload", "PUT upload", "PUT upload"]);
});

test("there is no upload into a missing project", async () => {
  plane.projects.setState("system", undefined);
  await expect(locate()).rejects.toMatchObject({ code: Code.NotFound, rawMessage: 'project "system" not found' });
});
