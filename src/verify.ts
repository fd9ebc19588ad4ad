import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { TaskDetails } from "#flyteidl2/task/task_definition_pb.js";
import type { Definition } from "./definition/definition.ts";
import { expectedFields } from "./definition/expected-fields.ts";
import { readSignature } from "./definition/signature.ts";
import { differencesBetween, storedFields } from "./definition/stored-fields.ts";
import { compareReleases, parseVersionName } from "./definition/version-name.ts";
import { type Finding, finding } from "./errors/registrar-error.ts";
import { ownerOf, type Registration } from "./registration.ts";

/**
 * Reads a registration as the control plane gives it, and holds it against the wanted definition: by fingerprint where
 * it is signed, by its fields where it was made by hand. Of a user's own template only the fingerprint is known.
 */
export function recognise(details: TaskDetails, wanted: Definition | undefined): Registration {
  const version = details.taskId?.version ?? "";
  const target = details.spec?.taskTemplate?.target;
  const annotations = target?.case === "k8sPod" ? (target.value.metadata?.annotations ?? {}) : {};
  const signature = readSignature(annotations);
  const spec = wanted?.ownTemplate ? details.spec : undefined;
  const differences = wanted && spec ? differencesBetween(expectedFields(wanted.context), storedFields(spec)) : [];
  const identity = details.metadata?.deployedBy;
  const isWanted = signature
    ? signature.fingerprint === wanted?.signature.fingerprint
    : spec !== undefined && differences.length === 0;
  return {
    version,
    registeredAt: details.metadata?.deployedAt && timestampDate(details.metadata.deployedAt),
    deployedBy: identity?.principal.value?.id?.subject ?? "",
    signature,
    appVersion: signature?.appVersion ?? parseVersionName(version).appVersion,
    differences,
    isWanted,
  };
}

/** What is wrong with the current registration as seen from this release; nothing where it is the wanted definition. */
export function judge(
  current: Registration | undefined,
  wanted: { appVersion: string; scope: string },
): Finding | undefined {
  const { scope, appVersion } = wanted;
  if (!current) return finding("error", "registration-missing", { scope });
  if (current.isWanted) return undefined;
  const args = { scope, current: current.version };
  switch (compareReleases(current.appVersion, appVersion)) {
    case "same": {
      const fields = current.differences.map((difference) => describeDifference(difference)).join("\n");
      return finding("error", "registration-differs", args, fields || `it was registered by ${ownerOf(current)}`);
    }
    case "newer":
      return finding("error", "registration-newer", { ...args, owner: ownerOf(current), wanted: appVersion });
    case "older":
      return finding(
        "error",
        "registration-outdated",
        { ...args, wanted: appVersion },
        `it was registered by ${ownerOf(current)}`,
      );
    case "incomparable":
      return finding("error", "registration-incomparable", { ...args, wanted: appVersion });
  }
}

function describeDifference({ field, expected, stored }: Registration["differences"][number]): string {
  const show = (value: unknown) => (value === undefined ? "absent" : JSON.stringify(value));
  return `${field}: ${show(stored)} is stored, ${show(expected)} is wanted`;
}
