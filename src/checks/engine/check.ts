import type { Finding } from "../../findings/finding.ts";

/** What a check found that went well: words for a person, and what other checks build on. */
export interface Passed<T> {
  detail: string;
  value: T;
}

/** Something is wrong, but not with all of it: other checks go on with the rest. */
interface Flawed<T> {
  finding: Finding;
  value: T;
}

/** There is nothing to check here. */
interface NotNeeded {
  notNeeded: string;
}

/** It cannot be checked from where this runs. */
interface NotHere {
  notHere: string;
}

/** It could not be found out. */
interface Unknown {
  unknown: Finding;
}

/** Another check's finding is about the same thing, so this one is skipped because of it. */
interface Explained {
  explainedBy: CheckResult;
}

/** How a check ends if it throws nothing. */
export type Outcome<T> = Passed<T> | Flawed<T> | NotNeeded | NotHere | Unknown | Explained;

/** Which check it is. */
export interface CheckId {
  category: string;
  /** Unique within its category. */
  name: string;
}

/** Nothing to check; not possible from where this runs; what it needs failed, or could not tell; left out by `--skip`. */
type ReasonToSkip = "not-needed" | "not-here" | "blocked" | "ignored";

/** How a check ended, for a report. */
export interface CheckResult extends CheckId {
  title: string;
  status: "passed" | "warning" | "failed" | "skipped";
  /** What was found, or why it was skipped; empty if a finding says it. */
  detail: string;
  finding?: Finding;
  /** Of a skipped check: why, in one word. */
  skipped?: ReasonToSkip;
  /** Of a skipped check: the check that failed, or could not tell, and takes it out. */
  root?: CheckId & Pick<CheckResult, "status">;
  milliseconds: number;
}

/** How a check ended, for the checks that need it. */
export interface Ended<T> {
  result: CheckResult;
  /** Absent if it failed, could not tell, or was skipped; present if only a part of it failed. */
  value?: { of: T };
}

/** A check of a suite; others need its value. */
export interface Check<T> {
  /** Runs the check, after those that it needs. A second call gives the result of the first. */
  run(): Promise<Ended<T>>;
}

/** What checks found, in the order in which they are needed. */
export type ValuesOf<Needs extends readonly Check<unknown>[]> = {
  [Index in keyof Needs]: Needs[Index] extends Check<infer T> ? T : never;
};

/** What a check depends on, and what it may cost. */
export interface CheckOptions<Needs extends readonly Check<unknown>[]> {
  /** Checks that must have passed; the check's function gets what they found. */
  needs: readonly [...Needs];
  /** Checks whose error would be this one's cause too: it waits for them. One that does not apply does not matter. */
  after?: readonly Check<unknown>[];
  deadline: { milliseconds: number };
  /** What a failure counts as; an error unless given. Only an error stops the checks that need this one. */
  severity?: Finding["severity"];
}

/** What a check does; what it throws is its failure. */
export type CheckFunction<T, Needs extends readonly Check<unknown>[]> = (
  found: ValuesOf<Needs>,
  signal: AbortSignal,
) => Promise<Outcome<T>> | Outcome<T>;

/** `control-plane/tls` */
export function nameOf({ category, name }: CheckId): string {
  return `${category}/${name}`;
}
