import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProjectService, ProjectState } from "#flyteidl2/project/project_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

let plane: ControlPlane;
beforeEach(async () => {
  plane = await startControlPlane({ projects: [{ id: "system" }, { id: "old", state: ProjectState.ARCHIVED }] });
});
afterEach(() => plane.stop());

const projects = () => connectTo(ProjectService, plane);
const ids = async (filters: string) =>
  (await projects().listProjects({ filters })).projects?.projects.map(({ id }) => id);

test("GetProject gives a project with its state and domains", async () => {
  const { project } = await projects().getProject({ id: "system" });
  expect(project).toMatchObject({ id: "system", name: "system", state: ProjectState.ACTIVE });
  expect(project?.domains.map(({ id }) => id)).toEqual(["development", "production", "staging"]);
  expect((await projects().getProject({ id: "old" })).project?.state).toBe(ProjectState.ARCHIVED);
});

test("GetProject names a missing project as recorded", async () => {
  await expect(projects().getProject({ id: "absent" })).rejects.toMatchObject({
    code: Code.NotFound,
    rawMessage: "project not found: absent",
  });
});

test("CreateProject makes a project once", async () => {
  const create = () => projects().createProject({ project: { id: "new", name: "New" } });
  await create();
  expect(plane.projects.state("new")).toBe(ProjectState.ACTIVE);
  await expect(create()).rejects.toMatchObject({
    code: Code.AlreadyExists,
    rawMessage: "project already exists: new",
  });
});

test("CreateProject asks for an id", async () => {
  await expect(projects().createProject({ project: { name: "New" } })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
});

test("UpdateProject changes the state of a project that is there", async () => {
  await projects().updateProject({ project: { id: "system", name: "system", state: ProjectState.ARCHIVED } });
  expect(plane.projects.state("system")).toBe(ProjectState.ARCHIVED);
  await expect(projects().updateProject({ project: { id: "absent" } })).rejects.toMatchObject({ code: Code.NotFound });
});

test("ListProjects leaves archived projects out unless asked for them", async () => {
  expect(await ids("")).toEqual(["system"]);
  expect(await ids(`eq(state, ${ProjectState.ARCHIVED})`)).toEqual(["old"]);
  await expect(ids("nonsense")).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test("a test may delete a project", async () => {
  plane.projects.setState("system", undefined);
  await expect(projects().getProject({ id: "system" })).rejects.toMatchObject({ code: Code.NotFound });
});
