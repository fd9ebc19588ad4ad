import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import {
  DomainSchema,
  type Project,
  ProjectSchema,
  type ProjectService,
  ProjectState,
} from "#flyteidl2/project/project_service_pb.js";
import { pageOf } from "./paging.ts";
import type { Projects } from "./projects.ts";

const domains = ["Development", "Production", "Staging"].map((name) =>
  create(DomainSchema, { id: name.toLowerCase(), name }),
);

/** The organisation of a project is taken and never given back. */
const served = (project: Project): Project => create(ProjectSchema, { ...project, domains, org: "" });

function requireId(project: Project | undefined): Project {
  if (!project?.id) throw new ConnectError("project.id is required", Code.InvalidArgument);
  return project;
}

/** Knows the one filter that the SDK sends; without a filter, archived projects are left out. */
function stateFilter(filters: string): (project: Project) => boolean {
  if (filters === "") return (project) => project.state !== ProjectState.ARCHIVED;
  const state = /^eq\(state, ?(\d)\)$/.exec(filters)?.[1];
  if (state === undefined) throw new ConnectError(`invalid filter format: ${filters}`, Code.InvalidArgument);
  return (project) => project.state === Number(state);
}

/** `ProjectService` over a store of projects. */
export function projectService(projects: Projects): ServiceImpl<typeof ProjectService> {
  const find = (id: string): Project => {
    const project = projects.get(id);
    if (project === undefined) throw new ConnectError(`project not found: ${id}`, Code.NotFound);
    return project;
  };
  return {
    getProject({ id }) {
      if (id === "") throw new ConnectError("id is required", Code.InvalidArgument);
      return { project: served(find(id)) };
    },
    createProject(request) {
      const project = requireId(request.project);
      if (projects.get(project.id)) throw new ConnectError(`project already exists: ${project.id}`, Code.AlreadyExists);
      projects.put(project);
      return {};
    },
    updateProject(request) {
      const project = requireId(request.project);
      find(project.id);
      projects.put(project);
      return {};
    },
    listProjects({ filters, limit, token, sortBy }) {
      const page = pageOf(projects.all().filter(stateFilter(filters)), { limit, token, ...(sortBy && { sortBy }) });
      return { projects: { projects: page.rows.map(served), token: page.token } };
    },
  };
}
