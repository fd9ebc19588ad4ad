import { Code, ConnectError } from "@connectrpc/connect";
import type { TaskTrigger } from "#flyteidl2/task/task_definition_pb.js";

function cronExpression({ automationSpec }: TaskTrigger): string | undefined {
  const expression = automationSpec?.automation.value?.expression;
  if (expression?.case === "cron") return expression.value.expression;
  return expression?.case === "cronExpression" ? expression.value : undefined;
}

/** Refuses a trigger whose cron expression has not five fields. What stands in the fields is not looked at. */
export function requireCron(trigger: TaskTrigger): void {
  const expression = cronExpression(trigger);
  if (expression === undefined || expression.startsWith("@")) return;
  const fields = expression.split(/\s+/).filter((field) => field !== "");
  if (fields.length === 5) return;
  throw new ConnectError(
    `invalid_argument: trigger "${trigger.name}" has invalid cron expression: invalid cron expression "${expression}": ` +
      `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`,
    Code.InvalidArgument,
  );
}
