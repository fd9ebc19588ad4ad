import { create } from "@bufbuild/protobuf";
import { type TaskDetails, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Found } from "../../../../checks/list.ts";
import { type ComparedField, fieldsOf, isDifferent } from "../../../../definition/compare.ts";
import { type Definition, ownerId } from "../../../../definition/definition.ts";
import { recognize } from "../../../../registration/recognize.ts";
import { ownerOf } from "../../../../registration/registration.ts";
import { leavesOfSettings } from "../../../../settings/leaves.ts";
import { dotted } from "../../../../settings/names.ts";
import type { GivenSettings } from "../../../../settings/parse-settings.ts";
import { valueAt } from "../../../../settings/sources.ts";
import { scopeName } from "../../../../settings/task-scope.ts";
import type { DefinitionContent, FieldRow, Labelled, PageContent, SettingRow } from "./page-content.ts";

/** Removes the secrets from a value. It is done before the value becomes JSON, which would escape a secret once more. */
type RedactAll = <T>(value: T) => T;

/** What is registered: nothing, or why that is not known. */
export type Registered = TaskDetails | undefined | { unavailable: string };

/**
 * What the checks worked with, for the page.
 * @param given its settings without the credentials of a proxy
 */
export function foundContent(
  given: GivenSettings | undefined,
  definition: Found["definition"],
  registered: Registered,
  redactAll: RedactAll,
): PageContent {
  return {
    subject: given ? subjectOf(given, definition) : [],
    settings: given ? settingRows(given, redactAll) : [],
    definition: definitionContent(definition, registered, redactAll),
  };
}

function subjectOf({ settings }: GivenSettings, definition: Found["definition"]): Labelled[] {
  const { controlPlane, release, task } = settings;
  const lines: Record<string, string | undefined> = {
    "Control plane": controlPlane.endpoint,
    Organisation: controlPlane.org,
    Task: `build-image in ${scopeName(task)}`,
    appVersion: definition?.ownership.appVersion ?? settings.appVersion,
    "Helm release": ownerId(release),
  };
  return Object.entries(lines).flatMap(([label, value = ""]) => (value === "" ? [] : { label, value }));
}

function settingRows({ settings, placeOf }: GivenSettings, redactAll: RedactAll): SettingRow[] {
  return leavesOfSettings().flatMap(({ path }) => {
    const value = valueAt(settings, path);
    return value === undefined
      ? []
      : { setting: dotted(path), value: shownValue(redactAll(value)), source: placeOf(path) };
  });
}

function definitionContent(
  definition: Found["definition"],
  registered: Registered,
  redactAll: RedactAll,
): DefinitionContent {
  if (!definition) return { missing: "The wanted definition could not be rendered, so there is nothing to compare." };
  if (!registered) return { missing: "No registration was found. The wanted definition is in task.yaml." };
  if ("unavailable" in registered) return { missing: `What is registered is not known: ${registered.unavailable}` };
  return compared(definition, registered, redactAll);
}

function compared(definition: Definition, registered: TaskDetails, redactAll: RedactAll) {
  const { version, appVersion, registeredAt, isWanted, ...rest } = recognize(registered, definition);
  const { ownership } = definition;
  return {
    wanted: [
      { label: "appVersion", value: ownership.appVersion },
      { label: "Owner", value: `Helm release ${ownership.owner}` },
    ],
    current: [
      { label: "Version", value: version },
      { label: "appVersion", value: appVersion },
      { label: "Registered", value: `${ownerOf(rest)}${registeredAt ? `, ${registeredAt.toISOString()}` : ""}` },
    ],
    isWanted,
    fields: fieldsOf(definition.spec, registered.spec ?? create(TaskSpecSchema)).map((field) =>
      fieldRow(redactAll(field), isDifferent(field)),
    ),
  };
}

function fieldRow({ field, expected, stored }: ComparedField, differs: boolean): FieldRow {
  // A number and a text of the same digits differ, so both are JSON there.
  const show = typeof expected === typeof stored ? shownValue : (value: unknown) => JSON.stringify(value, null, 2);
  return {
    field,
    wanted: expected === undefined ? undefined : show(expected),
    current: stored === undefined ? undefined : show(stored),
    isDifferent: differs,
  };
}

/** A text as it is, all else as JSON. */
function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
