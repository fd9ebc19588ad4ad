import { createClient } from "@connectrpc/connect";
import { type Project, ProjectService, ProjectState } from "#flyteidl2/project/project_service_pb.js";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import { answerOf } from "./rpc-answer.ts";
import type { Session } from "./session.ts";

/** What was found or done, in words for the report. */
export type ProjectOutcome = "active" | "created" | "made active again" | "not readable for us";

/** The project and the domain that a task goes to. */
interface Place {
  org: string;
  project: string;
  domain: string;
}

/**
 * Ensures that the project exists, is active and has the domain (some servers accept a task for any domain). It is no
 * failure if another run creates the project first, or if the caller may not read projects: registering tasks does not
 * require that.
 * @param ensure creates or reactivates the project; otherwise nothing is written
 * @throws {RegistrarError} project-missing, project-archived (`ensure` is off), domain-missing, project-refused, and the
 * request's own
 */
export async function ensureProject(
  session: Session,
  { org, project: id, domain }: Place,
  ensure: boolean,
): Promise<ProjectOutcome> {
  let project: Project | undefined;
  try {
    project = await readProject(session, org, id);
  } catch (error) {
    if (error instanceof RegistrarError && error.code === "permission-denied") return "not readable for us";
    throw error;
  }
  if (!project) {
    if (!ensure) throw problem("project-missing", { project: id });
    await write(session, id, "create", async (transport, options) => {
      await createClient(ProjectService, transport).createProject({ project: { id, name: id, org } }, options);
    });
    ensureDomain(await readProject(session, org, id), domain);
    return "created";
  }
  ensureDomain(project, domain);
  if (project.state === ProjectState.ARCHIVED || project.state === ProjectState.SYSTEM_ARCHIVED) {
    if (!ensure) throw problem("project-archived", { project: id });
    const { name, description, labels } = project;
    const active = { id, name, description, org: project.org, state: ProjectState.ACTIVE, ...(labels && { labels }) };
    await write(session, id, "reactivate", async (transport, options) => {
      await createClient(ProjectService, transport).updateProject({ project: active }, options);
    });
    return "made active again";
  }
  return "active";
}

/** An empty list says nothing: some servers list no domains. */
function ensureDomain(project: Project | undefined, domain: string): void {
  const domains = project?.domains.map(({ id }) => id) ?? [];
  if (domains.length === 0 || domains.includes(domain)) return;
  throw problem("domain-missing", { project: project?.id ?? "", domain, domains: domains.join(", ") });
}

async function readProject(session: Session, org: string, id: string): Promise<Project | undefined> {
  return session.call(`read project ${id}`, async (transport, options) => {
    try {
      return (await createClient(ProjectService, transport).getProject({ id, org }, options)).project;
    } catch (error) {
      if (answerOf(error) === "not-found") return undefined;
      throw error;
    }
  });
}

async function write(
  session: Session,
  project: string,
  action: string,
  work: Parameters<Session["call"]>[1],
): Promise<void> {
  try {
    await session.call(`${action} project ${project}`, async (transport, options) => {
      try {
        await work(transport, options);
      } catch (error) {
        if (answerOf(error) !== "already-exists") throw error;
      }
    });
  } catch (error) {
    if (!(error instanceof RegistrarError) || error.code !== "permission-denied") throw error;
    throw problem("project-refused", { project, action, identity: session.identity }, error.finding.why);
  }
}
