import { once } from "node:events";
import { connect } from "node:net";
import { Code } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { AuthMetadataService } from "#flyteidl2/auth/auth_service_pb.js";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { connectTo } from "../../testing/control-plane/clients.ts";
import type { Fault } from "../../testing/control-plane/faults.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

const listTasks = ({ url }: ControlPlane) =>
  fetch(`${url}/flyteidl2.task.TaskService/ListTasks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });

async function faulty(fault: Fault): Promise<ControlPlane> {
  const plane = await startControlPlane();
  await plane.setFault(fault);
  return plane;
}

describe("answers in place of the server", () => {
  test.each<[Fault, number, string, string]>([
    [{ kind: "bad-gateway" }, 502, "text/html", "502 Bad Gateway"],
    [{ kind: "unavailable" }, 503, "application/json", "no healthy upstream"],
    [{ kind: "too-many-requests" }, 429, "text/plain", "too many requests"],
    [{ kind: "unauthenticated" }, 401, "application/json", "token is missing or invalid"],
    [{ kind: "permission-denied" }, 403, "application/json", "not allowed to register tasks in system"],
    [{ kind: "login-page" }, 200, "text/html", "Sign in"],
    [{ kind: "gateway" }, 403, "text/html", "Cloudflare"],
    [{ kind: "gateway", gateway: "alb-protocol" }, 464, "text/html", ""],
    [{ kind: "gateway", gateway: "grpc-go" }, 415, "application/grpc", ""],
  ])("%o", async (fault, status, contentType, text) => {
    await using plane = await faulty(fault);
    const response = await listTasks(plane);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe(contentType);
    expect(await response.text()).toContain(text);
    expect(plane.calls).toMatchObject([{ method: "TaskService/ListTasks", httpVersion: "1.1" }]);
  });

  test.each<[Fault["kind"], Code]>([
    ["bad-gateway", Code.Unavailable],
    ["unavailable", Code.Unavailable],
    ["too-many-requests", Code.Unavailable],
    ["unauthenticated", Code.Unauthenticated],
    ["permission-denied", Code.PermissionDenied],
  ])("that a Connect client understands: %s", async (kind, code) => {
    await using plane = await faulty({ kind });
    await expect(connectTo(TaskService, plane).listTasks({})).rejects.toMatchObject({ code });
  });

  test("with the wait that too-many-requests asks for", async () => {
    await using plane = await faulty({ kind: "too-many-requests", retryAfterSeconds: 7 });
    expect((await listTasks(plane)).headers.get("retry-after")).toBe("7");
  });
});

describe("a database that is away", () => {
  const taskId = { project: "system", domain: "production", name: "build-image", version: "1" };

  test("fails as many calls of the methods told, in binary as in JSON, and counts no others", async () => {
    await using plane = await faulty({ kind: "database-away", times: 2, methods: ["TaskService/GetTaskDetails"] });
    plane.store({ version: "1" });
    for (const json of [false, true]) {
      const tasks = connectTo(TaskService, plane, { json });
      await tasks.listTasks({});
      await expect(tasks.getTaskDetails({ taskId })).rejects.toMatchObject({
        code: Code.NotFound,
        rawMessage: expect.stringMatching(/^failed to get task {system production build-image 1}: failed to connect/),
      });
    }
    await connectTo(TaskService, plane).getTaskDetails({ taskId });
  });

  test("does not matter to what needs none", async () => {
    await using plane = await faulty({ kind: "database-away", times: 1 });
    await connectTo(ClusterService, plane).selectCluster({});
    await connectTo(AuthMetadataService, plane).getPublicClientConfig({});
    await expect(connectTo(ProjectService, plane).listProjects({})).rejects.toMatchObject({ code: Code.Internal });
    await connectTo(ProjectService, plane).listProjects({});
  });

  test("is not told of to a caller without a token", async () => {
    await using plane = await startControlPlane({ oauth: { clientId: "a", clientSecret: "b" } });
    await plane.setFault({ kind: "database-away" });
    expect((await listTasks(plane)).status).toBe(401);
  });
});

describe("the connection", () => {
  test("is refused until the fault is cleared, then taken on the same port", async () => {
    await using plane = await startControlPlane();
    const dial = async () => {
      const socket = connect(Number(new URL(plane.url).port), "127.0.0.1");
      await once(socket, "connect");
      return socket;
    };
    const before = await dial();
    const cut = once(before, "close");
    await plane.setFault({ kind: "refused" });
    await cut;
    await expect(dial()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await plane.setFault(undefined);
    expect((await listTasks(plane)).status).toBe(200);
  });

  test("is refused by the data plane alone", async () => {
    await using plane = await startControlPlane({ separateDataPlane: true });
    const getImage = () => connectTo(ImageService, { url: plane.dataPlaneUrl ?? "" }).getImage({});
    await plane.setFault({ kind: "refused", endpoint: "data-plane" });
    expect((await listTasks(plane)).status).toBe(200);
    await expect(getImage()).rejects.toMatchObject({ code: Code.Unavailable });
    await plane.setFault(undefined);
    await expect(getImage()).rejects.toMatchObject({ code: Code.NotFound });
  });

  test("hangs for one call, while the next is answered", async () => {
    await using plane = await faulty({ kind: "hang", times: 1 });
    const settled = vi.fn();
    const hanging = listTasks(plane).then(settled, settled);
    await vi.waitUntil(() => plane.calls.length === 1);
    expect((await listTasks(plane)).status).toBe(200);
    expect(settled).not.toHaveBeenCalled();
    await plane.stop();
    await hanging;
  });

  test("breaks in the middle of the body", async () => {
    await using plane = await faulty({ kind: "reset" });
    const response = await listTasks(plane);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test("breaks in the middle of the body over HTTP/2", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    const tasks = connectTo(TaskService, plane, { httpVersion: "2", ca: authority.certificatePem });
    await plane.setFault({ kind: "reset", times: 1 });
    await expect(tasks.listTasks({})).rejects.toThrow();
    await tasks.listTasks({});
  });
});

describe("a fault", () => {
  test("hits as many calls as told", async () => {
    await using plane = await faulty({ kind: "unavailable", times: 2 });
    const statuses = [await listTasks(plane), await listTasks(plane), await listTasks(plane)].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([503, 503, 200]);
  });

  test("hits the methods told only", async () => {
    await using plane = await faulty({ kind: "permission-denied", methods: ["TaskService/DeployTask"] });
    const tasks = connectTo(TaskService, plane);
    await tasks.listTasks({});
    await expect(tasks.deployTask({})).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  test("ends when it is cleared", async () => {
    await using plane = await faulty({ kind: "unavailable" });
    const projects = connectTo(ProjectService, plane);
    await expect(projects.getProject({ id: "system" })).rejects.toMatchObject({ code: Code.Unavailable });
    await plane.setFault(undefined);
    await projects.getProject({ id: "system" });
  });

  test("of the token endpoint leaves the API alone, and the other way round", async () => {
    await using plane = await startControlPlane({ oauth: { clientId: "a", clientSecret: "b" } });
    const askForToken = async () => (await fetch(plane.tokenUrl ?? "", { method: "POST" })).status;
    await plane.setFault({ kind: "token-unavailable" });
    expect([await askForToken(), (await listTasks(plane)).status]).toEqual([503, 401]);
    await plane.setFault({ kind: "bad-gateway" });
    expect([await askForToken(), (await listTasks(plane)).status]).toEqual([401, 502]);
    await plane.setFault({ kind: "bad-gateway", methods: ["token"] });
    expect([await askForToken(), (await listTasks(plane)).status]).toEqual([502, 401]);
  });
});
