import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type TaskDetails, TaskDetailsSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Registrations } from "../src/control-plane/registrations.ts";
import type { Definition } from "../src/definition/definition.ts";
import type { DeployOutcome } from "../src/flyte/deploy.ts";

/** A control plane that is a map: what `register` sees of one, without a network. */
export interface InMemoryControlPlane {
  registrations: Registrations;
  /** What the CLI would do: stores a definition under a version. */
  deploy(version: string, definition: Definition): DeployOutcome;
  /** Versions in the order in which they were made. */
  versions(): string[];
  /** Every name that was written, first writes and repeated ones. */
  writes: string[];
}

/**
 * Makes one. `replace` keeps `created_at` of a version that is written again, so it does not become current; `refuse`
 * keeps the stored definition as well.
 */
export function inMemoryControlPlane(existing: "replace" | "refuse"): InMemoryControlPlane {
  const stored = new Map<string, { createdAt: number; details: TaskDetails }>();
  const writes: string[] = [];
  let now = 0;
  const newestFirst = () => [...stored.values()].sort((a, b) => b.createdAt - a.createdAt);
  return {
    writes,
    versions: () => [...stored.keys()],
    deploy(version, definition) {
      writes.push(version);
      const known = stored.get(version);
      if (known && existing === "refuse") return "already there";
      const createdAt = known?.createdAt ?? ++now;
      stored.set(version, { createdAt, details: detailsOf(version, createdAt, definition) });
      return "registered";
    },
    registrations: {
      current: async () => newestFirst()[0]?.details,
      version: async (version) => stored.get(version)?.details,
      newest: async (limit) =>
        newestFirst()
          .slice(0, limit)
          .map(({ details }) => ({ version: details.taskId?.version ?? "", registeredAt: undefined })),
    },
  };
}

/** A stored task whose pod template carries the definition's annotations. */
function detailsOf(version: string, createdAt: number, { context }: Definition): TaskDetails {
  const annotations = context.annotations ?? {};
  return create(TaskDetailsSchema, {
    taskId: { org: "acme", project: "system", domain: "production", name: "build-image", version },
    metadata: { deployedAt: timestampFromMs(createdAt) },
    spec: { taskTemplate: { target: { case: "k8sPod", value: { metadata: { annotations } } } } },
  });
}
