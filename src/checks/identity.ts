import { createClient } from "@connectrpc/connect";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { ensureProject } from "../control-plane/projects.ts";
import { type Registrations, registrationsOf, taskName } from "../control-plane/registrations.ts";
import type { Session } from "../control-plane/session.ts";
import { problem, RegistrarError } from "../errors/registrar-error.ts";
import type { ControlPlaneTarget, GivenSettings } from "../settings/load.ts";
import type { OpenSession } from "./open-session.ts";
import type { Check, Passed, Suite } from "./suite.ts";

/** A session that has logged in and may read. */
export interface Access {
  session: Session;
  registrations: Registrations;
}

/** Credentials give a token, the token is accepted, the project is there, and this identity may read and register. */
export function identityChecks(
  suite: Suite,
  {
    given,
    target,
    wantsLogIn,
  }: { given: Check<GivenSettings>; target: Check<ControlPlaneTarget>; wantsLogIn: Check<boolean> },
  openSession: OpenSession,
): Check<Access> {
  const category = "identity";
  const token = suite.check({
    ...{
      category,
      name: "token",
      title: "the credentials give a token",
      severity: "error",
      needs: [target, wantsLogIn],
    },
    deadline: 10_000,
    run: async ([to, wanted]): Promise<Passed<Session>> => {
      const session = openSession(to);
      if (to.credentials.type === "none") {
        if (wanted) throw problem("credentials-missing", { endpoint: to.endpoint.url }, to.credentials.why);
        return { value: session, detail: "none is needed" };
      }
      await session.call("log in", async () => {});
      return { value: session, detail: `${session.identity} has one` };
    },
  });
  const read = suite.check({
    ...{ category, name: "read", title: "tasks can be read", severity: "error", needs: [given, target, token] },
    deadline: 8_000,
    run: async ([{ settings }, { org }, session]): Promise<Passed<Access>> => {
      const { project, domain } = settings.task;
      const registrations = registrationsOf(session, { org, project, domain });
      await registrations.newest(1);
      return {
        value: { session, registrations },
        detail: `${session.identity} may read tasks in ${project}/${domain}`,
      };
    },
  });
  const project = suite.check({
    ...{ category, name: "project", title: "the project is active", severity: "error", needs: [given, target, read] },
    deadline: 8_000,
    run: async ([{ settings }, { org }, access]): Promise<Passed<Access>> => {
      const id = settings.task.project;
      const outcome = await ensureProject(access.session, org, id, false);
      return { value: access, detail: `${id} is ${outcome}` };
    },
  });
  suite.check({
    ...{ category, name: "register", title: "tasks can be registered", severity: "error" },
    ...{ needs: [given, target, project], deadline: 8_000 },
    run: async ([{ settings }, { org }, { session }]) => {
      const { project: name, domain } = settings.task;
      const probed = await mayRegister(session, { org, project: name, domain });
      const detail = probed
        ? `${session.identity} is not refused in ${name}/${domain} (the probe is, as invalid)`
        : "not known: the control plane did not refuse the probe";
      return { value: undefined, detail };
    },
  });
  return project;
}

/**
 * Asks for the right to register by a request that the server must refuse as invalid (a task without a version and
 * without a spec), so nothing is ever written.
 * @returns whether the server refused it as invalid
 * @throws {RegistrarError} permission-denied
 */
async function mayRegister(
  session: Session,
  scope: { org: string; project: string; domain: string },
): Promise<boolean> {
  try {
    await session.call(`register tasks in ${scope.project}/${scope.domain}`, async (transport, options) => {
      await createClient(TaskService, transport).deployTask({ taskId: { ...scope, name: taskName } }, options);
    });
    return false;
  } catch (error) {
    if (error instanceof RegistrarError && error.code === "control-plane-rejected") return true;
    throw error;
  }
}
