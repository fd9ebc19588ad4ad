import type { CheckReport } from "../../../../report/check-report.ts";

/** What the page shows in addition to the report. */
export interface PageContent {
  /** What was checked, as lines of a label and a value. */
  subject: readonly Labelled[];
  settings: readonly SettingRow[];
  definition: DefinitionContent;
}

/** The whole content of the page. */
export interface Page extends PageContent {
  report: CheckReport;
  /** ISO 8601, UTC. */
  madeAt: string;
}

/** A value with its label. */
export interface Labelled {
  label: string;
  value: string;
}

/** One setting that has a value. */
export interface SettingRow {
  setting: string;
  /** A text as it is, all else as JSON. */
  value: string;
  /** Where it was given; absent for a default. */
  source: string | undefined;
}

/** The wanted and the current definition; a reason, where one of them is not known. */
export type DefinitionContent = { missing: string } | ComparedDefinition;

/** Two definitions, field by field. */
export interface ComparedDefinition {
  wanted: readonly Labelled[];
  current: readonly Labelled[];
  isWanted: boolean;
  fields: readonly FieldRow[];
}

/** One field of both definitions; absent where a definition does not have it. */
export interface FieldRow {
  field: string;
  wanted: string | undefined;
  current: string | undefined;
  isDifferent: boolean;
}
