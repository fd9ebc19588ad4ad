import { createClient } from "@connectrpc/connect";
import { TriggerAutomationSpecType } from "#flyteidl2/task/common_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { ensureProject } from "../../control-plane/projects.ts";
import { type Registrations, registrationsOf } from "../../control-plane/registrations.ts";
import type { Session } from "../../control-plane/session.ts";
import { scopeName } from "../../definition/task-scope.ts";
import { type Code, problem, RegistrarError } from "../../findings/registrar-error.ts";
import type { ControlPlaneTarget, GivenSettings } from "../../settings/load.ts";
import type { OpenSession } from "../check-context.ts";
import type { Check, Passed, Suite } from "../engine/suite.ts";

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
        detail: `${session.identity} may read tasks in ${scopeName(settings.task)}`,
      };
    },
  });
  const project = suite.check({
    ...{ category, name: "project", title: "the project is active", severity: "error", needs: [given, target, read] },
    deadline: 8_000,
    run: async ([{ settings }, { org }, access]): Promise<Passed<Access>> => {
      const id = settings.task.project;
      const outcome = await ensureProject(access.session, { org, project: id, domain: settings.task.domain }, false);
      return { value: access, detail: `${id} is ${outcome}` };
    },
  });
  suite.check({
    ...{ category, name: "register", title: "tasks can be registered", severity: "error" },
    ...{ needs: [given, target, project], deadline: 8_000 },
    run: async ([{ settings }, { org }, { session }]) => {
      const { project: name, domain } = settings.task;
      const unknown = await probeRegistration(session, { org, project: name, domain });
      const detail = unknown ?? `${session.identity} is not refused in ${name}/${domain} (the probe is, as invalid)`;
      return { value: undefined, detail };
    },
  });
  return project;
}

/** The probe is a task of its own, so that whatever a server does with it, build-image stays as it is. */
const probeName = "image-builder-registrar-probe";

/** A schedule that no server can read. Source: testing/recordings/real-server.json; triggers are looked at before any write. */
const impossibleTrigger = {
  name: "probe",
  automationSpec: {
    type: TriggerAutomationSpecType.TYPE_SCHEDULE,
    automation: {
      case: "schedule" as const,
      value: { expression: { case: "cron" as const, value: { expression: "not a schedule" } } },
    },
  },
};

/**
 * Asks once for the right to register, by a request that servers refuse as invalid and of which they store nothing: a task
 * without a spec, with a trigger whose schedule is impossible.
 * @returns nothing where it was refused as invalid, else why nothing is known
 * @throws {RegistrarError} permission-denied, credentials-refused, credentials-missing
 */
async function probeRegistration(
  session: Session,
  scope: { org: string; project: string; domain: string },
): Promise<string | undefined> {
  const taskId = { ...scope, name: probeName, version: "probe" };
  try {
    await session.callOnce(`register tasks in ${scopeName(scope)}`, async (transport, options) => {
      await createClient(TaskService, transport).deployTask({ taskId, triggers: [impossibleTrigger] }, options);
    });
    return "not known: the control plane did not refuse the probe";
  } catch (error) {
    if (!(error instanceof RegistrarError)) throw error;
    if (error.code === "control-plane-rejected") return undefined;
    if (refusals.has(error.code)) throw error;
    return `not known: the control plane answered ${error.finding.why}`;
  }
}

const refusals: ReadonlySet<Code> = new Set(["permission-denied", "credentials-refused", "credentials-missing"]);
