import { ensureProject } from "../../control-plane/projects.ts";
import { type Registrations, registrationsOf } from "../../control-plane/registrations.ts";
import type { Session } from "../../control-plane/session.ts";
import { problem } from "../../findings/registrar-error.ts";
import type { ControlPlaneTarget } from "../../settings/load.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { scopeName } from "../../settings/task-scope.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Passed } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { probeRegistration } from "./registration-probe.ts";

/** A session that has logged in and may read. */
export interface Access {
  session: Session;
  registrations: Registrations;
}

interface Needs {
  given: Check<GivenSettings>;
  target: Check<ControlPlaneTarget>;
  requiresLogin: Check<boolean>;
}

/** The credentials yield a token, the token is accepted, the project exists, and this identity may read and register. */
export function identityChecks(suite: Suite, { openSession }: CheckContext, needs: Needs): Check<Access> {
  const { given, target, requiresLogin } = needs;
  const deadline = deadlines.checkRequest;
  const token = suite.check(
    "identity/token",
    "the credentials yield a token",
    { needs: [target, requiresLogin], deadline: deadlines.checkLogin },
    async ([to, isRequired]): Promise<Passed<Session>> => {
      const session = openSession(to);
      if (to.credentials.type === "none") {
        if (isRequired) throw problem("credentials-missing", { endpoint: to.endpoint.url }, to.credentials.why);
        return { value: session, detail: "none is required" };
      }
      await session.call("log in", async () => {});
      return { value: session, detail: `${session.identity} has one` };
    },
  );
  const read = suite.check(
    "identity/read",
    "tasks can be read",
    { needs: [given, target, token], deadline },
    async ([{ settings }, { org }, session]): Promise<Passed<Access>> => {
      const { project, domain } = settings.task;
      const registrations = registrationsOf(session, { org, project, domain });
      await registrations.newest(1);
      return {
        value: { session, registrations },
        detail: `${session.identity} may read tasks in ${scopeName(settings.task)}`,
      };
    },
  );
  const project = suite.check(
    "identity/project",
    "the project is active",
    { needs: [given, target, read], deadline },
    async ([{ settings }, { org }, access]): Promise<Passed<Access>> => {
      const { project: id, domain } = settings.task;
      const outcome = await ensureProject(access.session, { org, project: id, domain }, false);
      return { value: access, detail: `${id} is ${outcome}` };
    },
  );
  suite.check(
    "identity/register",
    "tasks can be registered",
    { needs: [given, target, project], deadline },
    async ([{ settings }, { org }, { session }]) => {
      // Even a request that stores nothing is one to write, and its right would be missed without need.
      if (settings.policy.role === "member") return { notNeeded: "policy.role is member, which registers nothing" };
      const { project: id, domain } = settings.task;
      const unknown = await probeRegistration(session, { org, project: id, domain });
      const allowed = `${session.identity} is not refused in ${scopeName(settings.task)} (by a probe that stores nothing)`;
      return { value: undefined, detail: unknown ?? allowed };
    },
  );
  return project;
}
