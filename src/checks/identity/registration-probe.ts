import { createClient } from "@connectrpc/connect";
import { TriggerAutomationSpecType } from "#flyteidl2/task/common_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import type { Session } from "../../control-plane/session.ts";
import type { Code } from "../../findings/catalog/catalog.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { scopeName, type TaskScope } from "../../settings/task-scope.ts";

/** The probe is a task of its own, so that build-image is not affected, however a server handles the request. */
const probeName = "image-builder-registrar-probe";

/** A schedule that no server can read. Source: testing/recordings/real-server.json; triggers are validated before any write. */
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

/** Answers that say that this identity may not register, or that a gateway lets no registration through. */
const refusals: ReadonlySet<Code> = new Set([
  "permission-denied",
  "credentials-refused",
  "credentials-missing",
  "gateway-answered",
]);

/**
 * Asks once for the right to register, by a request that servers reject as invalid and of which they store nothing: a task
 * without a spec, with a trigger whose schedule is impossible.
 * @returns nothing if it was rejected as invalid, else why nothing is known
 * @throws {RegistrarError} permission-denied, credentials-refused, credentials-missing, gateway-answered
 */
export async function probeRegistration(session: Session, scope: TaskScope): Promise<string | undefined> {
  const taskId = { ...scope, name: probeName, version: "probe" };
  try {
    await session.callOnce(`register tasks in ${scopeName(scope)}`, async (transport, options) => {
      await createClient(TaskService, transport).deployTask({ taskId, triggers: [impossibleTrigger] }, options);
    });
    return "not known: the control plane did not reject the probe";
  } catch (error) {
    if (!(error instanceof RegistrarError)) throw error;
    if (error.code === "control-plane-rejected") return undefined;
    if (refusals.has(error.code)) throw error;
    return `not known: the control plane answered ${error.finding.why}`;
  }
}
