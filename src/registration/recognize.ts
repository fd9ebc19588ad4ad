import { create } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type TaskDetails, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { differencesBetween } from "../definition/compare.ts";
import type { Definition } from "../definition/definition.ts";
import { readOwnership } from "../definition/ownership.ts";
import { parseVersionName } from "../definition/version-name.ts";
import type { Registration } from "./registration.ts";

/**
 * Reads a registration from the control plane and compares it with the wanted definition. One with an owner must also have the
 * wanted appVersion: if no image contains it (`task.images`), definitions of two appVersions are equal.
 */
export function recognize(details: TaskDetails, wanted: Definition | undefined): Registration {
  const { spec } = details;
  const version = details.taskId?.version ?? "";
  const target = spec?.taskTemplate?.target;
  const annotations = target?.case === "k8sPod" ? (target.value.metadata?.annotations ?? {}) : {};
  const ownership = readOwnership(annotations);
  const differences = wanted ? differencesBetween(wanted.spec, spec ?? create(TaskSpecSchema)) : [];
  const isOfItsVersion = !ownership || ownership.appVersion === wanted?.ownership.appVersion;
  const identity = details.metadata?.deployedBy;
  return {
    version,
    registeredAt: details.metadata?.deployedAt && timestampDate(details.metadata.deployedAt),
    deployedBy: identity?.principal.value?.id?.subject ?? "",
    ownership,
    appVersion: ownership?.appVersion ?? parseVersionName(version).appVersion,
    differences,
    isWanted: wanted !== undefined && differences.length === 0 && isOfItsVersion,
  };
}
