import type { Category } from "../../checks/categories.ts";
import type { Code } from "../../findings/catalog/catalog.ts";

/** The flags of `check`. */
export interface CheckFlags {
  /** Only these, and what they need. */
  categories: readonly Category[];
  /** Codes whose findings do not count. */
  skip: readonly Code[];
  failOn: "error" | "warning";
  /** Milliseconds for which the checks are repeated until nothing fails; 0 runs them once. */
  waitMilliseconds: number;
  /** File for a support bundle. */
  bundle: string | undefined;
}
