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

const archivedStates = [ProjectState.ARCHIVED, ProjectState.SYSTEM_ARCHIVED];

/** Fails as the server does when something is to be written into a project that is missing or archived. */
export function requireActiveProject(projects: Projects, id: string): void {
  const state = projects.state(id);
  if (state === undefined) throw new ConnectError(`project "${id}" not found`, Code.NotFound);
  if (archivedStates.includes(state)) throw new ConnectError(`project "${id}" is archived`, Code.FailedPrecondition);
}
