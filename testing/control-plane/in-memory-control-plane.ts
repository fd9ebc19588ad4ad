import { clone, create } from "@bufbuild/protobuf";
import { timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type TaskDetails,
  TaskDetailsSchema,
  type TaskSpec,
  TaskSpecSchema,
} from "#flyteidl2/task/task_definition_pb.js";
import type { Registrations } from "../../src/control-plane/registrations.ts";

/** A control plane that is a map: what `register` sees of one, without a network. */
export interface InMemoryControlPlane {
  registrations: Registrations;
  /** Stores a spec at once, as any client may; what is there already is met as by `registrations.deploy`. */
  store: (version: string, spec: TaskSpec) => "registered" | "already there";
  /** Versions in the order in which they were made. */
  versions(): string[];
  /** Every name that was written, first writes and repeated ones. */
  writes: string[];
}

/** What a server does in addition to storing what it is sent. */
interface Behavior {
  /** Changes a copy of the spec before it is stored. */
  alter?: (spec: TaskSpec) => void;
}

/**
 * Makes one. `replace` keeps `created_at` of a version that is written again, so it does not become current; `refuse`
 * keeps the stored spec as well.
 */
export function inMemoryControlPlane(existing: "replace" | "refuse", { alter }: Behavior = {}): InMemoryControlPlane {
  const stored = new Map<string, { createdAt: number; details: TaskDetails }>();
  const writes: string[] = [];
  let now = 0;
  const newestFirst = () => [...stored.values()].sort((a, b) => b.createdAt - a.createdAt);
  const store: InMemoryControlPlane["store"] = (version, spec) => {
    writes.push(version);
    const known = stored.get(version);
    if (known && existing === "refuse") return "already there";
    const createdAt = known?.createdAt ?? ++now;
    const kept = clone(TaskSpecSchema, spec);
    alter?.(kept);
    stored.set(version, { createdAt, details: detailsOf(version, createdAt, kept) });
    return "registered";
  };
  return {
    writes,
    store,
    versions: () => [...stored.keys()],
    registrations: {
      current: async () => newestFirst()[0]?.details,
      isTaken: async (version) => stored.has(version),
      newest: async (limit) =>
        newestFirst()
          .slice(0, limit)
          .map(({ details: { taskId, metadata } }) => ({
            version: taskId?.version ?? "",
            registeredAt: metadata?.deployedAt && timestampDate(metadata.deployedAt),
          })),
      deploy: async (version, spec) => store(version, spec),
    },
  };
}

function detailsOf(version: string, createdAt: number, spec: TaskSpec): TaskDetails {
  return create(TaskDetailsSchema, {
    taskId: { org: "acme", project: "system", domain: "production", name: "build-image", version },
    metadata: { deployedAt: timestampFromMs(createdAt) },
    spec,
  });
}
