import { type ArgsOf, type Code, catalog } from "./catalog/catalog.ts";
import type { ExitCode } from "./catalog/code-entry.ts";
import { describeCause } from "./describe-cause.ts";
import { hasErrorName } from "./error-name.ts";
import { describe, type Finding, finding } from "./finding.ts";
import { anyone, readerOf } from "./reader.ts";

/** A finding, thrown; anything else that is thrown is a bug. */
export class RegistrarError extends Error {
  override readonly name = "RegistrarError";
  static override [Symbol.hasInstance] = hasErrorName("RegistrarError");
  readonly finding: Finding;
  /** Milliseconds to wait at least before trying again (HTTP's Retry-After). */
  readonly retryAfter: number;

  constructor(found: Finding, { retryAfter = 0, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(`${found.code}: ${describe(found, readerOf(anyone), anyone.docsUrl).what}`, { cause });
    this.finding = found;
    this.retryAfter = retryAfter;
  }

  get code(): Code {
    return this.finding.code;
  }

  get exit(): ExitCode {
    return catalog[this.code].exit;
  }

  /** Whether it may go away without anybody doing anything. */
  get transient(): boolean {
    return "transient" in catalog[this.code];
  }

  /** The same error with another reason. */
  withReason(why: string): RegistrarError {
    return new RegistrarError({ ...this.finding, why }, { retryAfter: this.retryAfter, cause: this });
  }
}

/** Makes the error of a code, to be thrown. `cause` is shown as the reason and kept as the error's cause. */
export function problem<C extends Code>(code: C, args: ArgsOf<C>, cause?: unknown, retryAfter = 0): RegistrarError {
  const why = typeof cause === "string" ? cause : describeCause(cause);
  return new RegistrarError(finding("error", code, args, why), { retryAfter, cause });
}

/** The error itself if it has a code, else an internal error with it as the cause. */
export function asRegistrarError(error: unknown): RegistrarError {
  return error instanceof RegistrarError ? error : problem("internal-error", {}, error);
}
