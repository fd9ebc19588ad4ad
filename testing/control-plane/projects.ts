import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Project, ProjectSchema, ProjectState } from "#flyteidl2/project/project_service_pb.js";

/** The projects of a control plane. */
export interface Projects {
  /** The state of a project; undefined when there is none of this name. */
  state(id: string): ProjectState | undefined;
  /** Creates a project or changes its state; undefined deletes it. */
  setState(id: string, state: ProjectState | undefined): void;
  get(id: string): Project | undefined;
  put(project: Project): void;
  all(): Project[];
}

/** A store of projects. */
export function createProjects(initial: readonly { readonly id: string; readonly state?: ProjectState }[]): Projects {
  const projects = new Map<string, Project>();
  const put = (project: Project) => void projects.set(project.id, project);
  for (const { id, state = ProjectState.ACTIVE } of initial) put(create(ProjectSchema, { id, name: id, state }));
  return {
    state: (id) => projects.get(id)?.state,
    setState(id, state) {
      if (state === undefined) projects.delete(id);
      else put(create(ProjectSchema, { ...(projects.get(id) ?? { id, name: id }), state }));
    },
    get: (id) => projects.get(id),
    put,
    all: () => [...projects.values()],
  };
}

/** Fails as the server does when something is to be written into a missing project. Into an archived one it may be. */
export function requireProject(projects: Projects, id: string): void {
  if (id === "") throw new ConnectError("failed to validate project: invalid_argument: id is required", Code.Internal);
  if (projects.get(id) === undefined) throw new ConnectError(`project "${id}" not found`, Code.NotFound);
}
