import { clusterErrors } from "./catalog/cluster-codes.ts";
import type { Entry, ExitCode } from "./catalog/code-entry.ts";
import { controlPlaneErrors } from "./catalog/control-plane-codes.ts";
import { dataPlaneErrors } from "./catalog/data-plane-codes.ts";
import { flyteErrors } from "./catalog/flyte-codes.ts";
import { identityErrors } from "./catalog/identity-codes.ts";
import { registrationErrors } from "./catalog/registration-codes.ts";
import { runErrors } from "./catalog/run-codes.ts";
import { settingsErrors } from "./catalog/settings-codes.ts";

/** Every code of the program, in one table. A code is never used twice and never given another meaning. */
export const catalogue = {
  ...settingsErrors,
  ...controlPlaneErrors,
  ...identityErrors,
  ...flyteErrors,
  ...registrationErrors,
  ...clusterErrors,
  ...dataPlaneErrors,
  ...runErrors,
} as const;

export type Code = keyof typeof catalogue;
type ArgsOf<C extends Code> = (typeof catalogue)[C] extends Entry<infer Args> ? Args : never;

/** What a person or a program reads of one problem. */
export interface Finding {
  code: Code;
  severity: "error" | "warning";
  what: string;
  /** The raw cause, as it was met; empty where "what" says all. */
  why: string;
  fix: string;
  next: string;
}

/** What a program does with an error, beside showing it. */
interface Traits extends Pick<Entry<never>, "exit" | "transient"> {
  /** Milliseconds to wait at least before trying again (HTTP's Retry-After). */
  retryAfter?: number;
}

/** A problem with a code, thrown; everything else that is thrown is a fault of the program. */
export class RegistrarError extends Error {
  override readonly name = "RegistrarError";
  readonly finding: Finding;
  readonly exit: ExitCode;
  readonly transient: boolean;
  readonly retryAfter: number;

  constructor(finding: Finding, { exit, transient = undefined, retryAfter = 0 }: Traits, options?: ErrorOptions) {
    super(`${finding.code}: ${finding.what}`, options);
    this.finding = finding;
    this.exit = exit;
    this.transient = transient === true;
    this.retryAfter = retryAfter;
  }

  get code(): Code {
    return this.finding.code;
  }

  /** The same error with more to say of its cause. */
  because(why: string): RegistrarError {
    const traits: Traits = { exit: this.exit, ...(this.transient && { transient: true }), retryAfter: this.retryAfter };
    return new RegistrarError({ ...this.finding, why }, traits, { cause: this });
  }
}

/** Makes the finding of a code: `finding("warning", "registration-newer", {…}, why)`. */
export function finding<C extends Code>(severity: Finding["severity"], code: C, args: ArgsOf<C>, why = ""): Finding {
  const entry = catalogue[code] as unknown as Entry<ArgsOf<C>>;
  return { code, severity, what: entry.what(args), why, fix: entry.fix(args), next: entry.next(args) };
}

/** Makes the error of a code, to be thrown. `cause` is shown as the reason and kept as the error's cause. */
export function problem<C extends Code>(code: C, args: ArgsOf<C>, cause?: unknown, retryAfter = 0): RegistrarError {
  const why = typeof cause === "string" ? cause : describeCause(cause);
  return new RegistrarError(finding("error", code, args, why), { ...catalogue[code], retryAfter }, { cause });
}

/** The error itself where it has a code, else the program's own fault around it. */
export function asRegistrarError(error: unknown): RegistrarError {
  return error instanceof RegistrarError ? error : problem("internal-error", {}, error);
}

/** A thrown thing and its causes in one line, outermost first, without saying the same twice. */
export function describeCause(cause: unknown): string {
  const parts: string[] = [];
  for (let error = cause, depth = 0; error !== undefined && error !== null && depth < 5; depth++) {
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
    if (message && !parts.some((part) => part.includes(message))) parts.push(message);
    error = error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  }
  return parts.join(": ");
}
