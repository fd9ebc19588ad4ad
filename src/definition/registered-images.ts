import * as z from "zod";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { DefinitionContext } from "./context.ts";

/** What is read of a stored pod; a person may have registered any other one. */
const podSpec = z.object({
  containers: z.array(z.object({ name: z.string(), image: z.string(), args: z.array(z.string()).default([]) })),
});

/**
 * The images of a task as it is registered: that of its primary container, and the frontend in its arguments, as
 * templates/build_image_task.yaml.hbs writes them.
 * @param ours those of our own definition, for what the task does not name
 */
export function registeredImages({ taskTemplate }: TaskSpec, ours: DefinitionContext["images"]) {
  const target = taskTemplate?.target;
  if (target?.case !== "k8sPod") return ours;
  const { data } = podSpec.safeParse(target.value.podSpec);
  const primary = taskTemplate?.config["primary_container_name"];
  const container = data?.containers.find(({ name }) => name === primary) ?? data?.containers[0];
  if (!container) return ours;
  const frontend = container.args[container.args.indexOf("--frontend") + 1];
  const isNamed = container.args.includes("--frontend") && frontend !== undefined;
  return { buildImage: container.image, frontend: isNamed ? frontend : ours.frontend };
}
