import { describe, expect, test } from "vitest";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { type ConnectionOptions, connectTo } from "../../testing/control-plane/clients.ts";
import type { HttpVersions } from "../../testing/control-plane/listener.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../../testing/control-plane/start.ts";

const getProject = (plane: ControlPlane, connection: ConnectionOptions) =>
  connectTo(ProjectService, plane, connection).getProject({ id: "system" });

const authority = await createAuthority("test CA");
const tls = await authority.issue();
const ca = authority.certificatePem;
const secured = (httpVersions: HttpVersions) => startControlPlane({ tls, httpVersions });
const seen = ({ calls }: ControlPlane) => calls.map(({ httpVersion }) => httpVersion);

describe("under TLS", () => {
  test("both HTTP versions are served, in binary and in JSON", async () => {
    await using plane = await secured("both");
    expect(plane.url).toMatch(/^https:\/\/localhost:\d+$/);
    for (const json of [false, true]) {
      for (const httpVersion of ["1.1", "2"] as const) {
        const { project } = await getProject(plane, { httpVersion, json, ca });
        expect(project?.id).toBe("system");
      }
    }
    expect(seen(plane)).toEqual(["1.1", "2.0", "1.1", "2.0"]);
  });

  test("HTTP/1.1 alone may be served", async () => {
    await using plane = await secured("http/1.1");
    await getProject(plane, { httpVersion: "1.1", ca });
    await expect(getProject(plane, { httpVersion: "2", ca })).rejects.toThrow();
    expect(seen(plane)).toEqual(["1.1"]);
  });

  test("HTTP/2 alone may be served", async () => {
    await using plane = await secured("h2");
    await getProject(plane, { httpVersion: "2", ca });
    await expect(getProject(plane, { httpVersion: "1.1", ca })).rejects.toThrow();
    expect(seen(plane)).toEqual(["2.0"]);
  });

  test("a client that does not trust the CA is turned away", async () => {
    await using plane = await secured("both");
    await expect(getProject(plane, { httpVersion: "1.1" })).rejects.toThrow(/unable to verify|self-signed|issuer/i);
    expect(plane.calls).toEqual([]);
  });
});

test("without TLS, HTTP/1.1 is served", async () => {
  await using plane = await startControlPlane();
  expect(plane.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect((await getProject(plane, { json: true })).project?.id).toBe("system");
});

test("latency is added to each call", async () => {
  await using plane = await startControlPlane({ latencyMs: 40 });
  const start = performance.now();
  await getProject(plane, {});
  expect(performance.now() - start).toBeGreaterThanOrEqual(39);
});

test("a log hears of each request with its status when it is over", async () => {
  const lines: string[] = [];
  const log: ControlPlaneOptions["log"] = ({ method }, status) => lines.push(`${method} ${status}`);
  const plane = await startControlPlane({ log });
  await getProject(plane, {});
  await connectTo(ProjectService, plane)
    .getProject({ id: "absent" })
    .catch(() => {});
  await plane.stop();
  expect(lines).toEqual(["ProjectService/GetProject 200", "ProjectService/GetProject 404"]);
});

test("a stopped control plane takes no more connections, and its port can be used again", async () => {
  const first = await startControlPlane();
  await first.stop();
  await expect(getProject(first, {})).rejects.toThrow("ECONNREFUSED");
  await using second = await startControlPlane({ port: Number(new URL(first.url).port) });
  expect(second.url).toBe(first.url);
  await getProject(second, {});
});
