import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { InputsSchema } from "#flyteidl2/task/common_pb.js";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { CreateRunRequest } from "#flyteidl2/workflow/run_service_pb.js";
import type { InputStore } from "./input-store.ts";
import { idText, type Registrations } from "./registrations.ts";
import type { NewRun } from "./run-store.ts";

const longestName = 30;

/** The run that is asked for; one without a name gets a random one. */
export function requestedRun({ id }: CreateRunRequest): NewRun["id"] {
  if (id.case === "runId") {
    const { project, domain, name } = id.value;
    if (name.length <= longestName) return { project, domain, name };
    const message = `invalid run name "${name}": must be no more than ${longestName} characters`;
    throw new ConnectError(message, Code.InvalidArgument);
  }
  if (id.case === undefined) throw new ConnectError("invalid run ID type", Code.InvalidArgument);
  const { name: project, domain } = id.value;
  return { project, domain, name: `r${randomBytes(10).toString("hex").slice(1)}` };
}

/** The spec that is to be run: the one that is sent, or a registered one. */
export function requestedSpec({ task }: CreateRunRequest, registrations: Registrations): TaskSpec {
  if (task.case === "taskSpec") return task.value;
  if (task.case !== "taskId") return create(TaskSpecSchema);
  const registered = registrations.get(task.value);
  if (registered !== undefined) return registered.spec;
  throw new ConnectError(`task not found: ${idText(task.value)}`, Code.Unknown);
}

/** The inputs that are sent, or were uploaded before. */
export function requestedInputs({ inputWrapper }: CreateRunRequest, uploaded: InputStore) {
  if (inputWrapper.case === "inputs") return inputWrapper.value;
  const inputs = inputWrapper.case === "offloadedInputData" ? uploaded.get(inputWrapper.value.uri) : undefined;
  return inputs ?? create(InputsSchema);
}
