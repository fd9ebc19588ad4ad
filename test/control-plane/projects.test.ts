import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ProjectSchema, ProjectService, ProjectState } from "#flyteidl2/project/project_service_pb.js";
import { ensureProject } from "../../src/control-plane/projects.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, methods, openSession, scope, sessionOver, targetOf } from "./sessions.ts";

const [get, make, update] = ["GetProject", "CreateProject", "UpdateProject"].map((name) => `ProjectService/${name}`);
const archived = [{ id: "system", state: ProjectState.ARCHIVED }];

describe("a project", () => {
  test("that is active costs one read", async () => {
    await using plane = await startControlPlane();
    using client = openSession(targetOf(plane));
    expect(await client.ensureProject()).toBe("active");
    expect(await client.ensureProject(false)).toBe("active");
    expect(methods(plane)).toEqual([get, get]);
  });

  test("that is missing is created", async () => {
    await using plane = await startControlPlane({ projects: [] });
    using client = openSession(targetOf(plane));
    expect(await client.ensureProject()).toBe("created");
    expect(plane.projects.state("system")).toBe(ProjectState.ACTIVE);
    expect(await client.ensureProject()).toBe("active");
  });

  test("that another run creates meanwhile is as good, and so is one whose creation was answered to nobody", async () => {
    const session = sessionOver(({ service }) =>
      service(ProjectService, {
        getProject: () => Promise.reject(new ConnectError("project not found: system", Code.NotFound)),
        createProject: () => Promise.reject(new ConnectError("project already exists: system", Code.AlreadyExists)),
      }),
    );
    expect(await ensureProject(session, scope, true)).toBe("created");
  });

  test.each([ProjectState.ARCHIVED, ProjectState.SYSTEM_ARCHIVED])(
    "in state %i is made active again",
    async (state) => {
      await using plane = await startControlPlane({ projects: [{ id: "system", state }] });
      using client = openSession(targetOf(plane));
      expect(await client.ensureProject()).toBe("made active again");
      expect(plane.projects.state("system")).toBe(ProjectState.ACTIVE);
      expect(methods(plane)).toEqual([get, update]);
    },
  );

  test.each([
    ["missing", [], "project-missing"],
    ["archived", archived, "project-archived"],
  ] as const)("that is %s is left alone and reported where policy.ensureProject is off", async (_, projects, code) => {
    await using plane = await startControlPlane({ projects });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.ensureProject(false));
    expect(error).toMatchObject({ code, transient: false, exit: 1 });
    expect(methods(plane)).toEqual([get]);
  });
});

describe("without permission", () => {
  test("to read the project, the run goes on", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "permission-denied", methods: ["ProjectService/GetProject"] });
    using client = openSession(targetOf(plane));
    expect(await client.ensureProject()).toBe("not readable for us");
    expect(methods(plane)).toEqual([get]);
  });

  test.each([
    ["create", [], make],
    ["reactivate", archived, update],
  ] as const)("to %s it, that is the error", async (action, projects, method = "") => {
    await using plane = await startControlPlane({ projects });
    await plane.setFault({ kind: "permission-denied", methods: [method] });
    using client = openSession(targetOf(plane));
    const error = await failureOf(client.ensureProject());
    expect(error).toMatchObject({ code: "project-refused", transient: false, exit: 3 });
    expect(described(error).what).toContain(`may not ${action} project system`);
    expect(error.finding.why).toContain("not allowed");
    expect(client.clock.pauses).toEqual([]);
  });

  test("to do anything, for want of credentials, that is the error", async () => {
    await using plane = await startControlPlane({ oauth: { clientId: "a", clientSecret: "b" } });
    using client = openSession(targetOf(plane));
    expect(await failureOf(client.ensureProject())).toMatchObject({ code: "credentials-missing" });
  });
});

describe("a write", () => {
  test("that meets a transient fault is tried again", async () => {
    await using plane = await startControlPlane({ projects: [] });
    await plane.setFault({ kind: "unavailable", times: 1, methods: ["ProjectService/CreateProject"] });
    using client = openSession(targetOf(plane));
    expect(await client.ensureProject()).toBe("created");
    expect(methods(plane)).toEqual([get, make, make, get]);
  });

  test("sends back what the project says of itself, but for its domains, which the server refuses", async () => {
    const sent: unknown[] = [];
    const stored = create(ProjectSchema, {
      id: "system",
      name: "System",
      description: "of the platform",
      org: scope.org,
      labels: { values: { team: "platform" } },
      domains: [{ id: "production", name: "Production" }],
      state: ProjectState.ARCHIVED,
    });
    const session = sessionOver(({ service }) =>
      service(ProjectService, {
        getProject: () => ({ project: stored }),
        updateProject: ({ project }) => {
          sent.push(project);
          return {};
        },
      }),
    );
    await ensureProject(session, scope, true);
    expect(sent).toEqual([create(ProjectSchema, { ...stored, domains: [], state: ProjectState.ACTIVE })]);
  });
});
