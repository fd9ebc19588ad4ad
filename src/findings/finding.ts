import { type ArgsOf, type Code, catalog } from "./catalog/catalog.ts";
import type { CodeEntry } from "./catalog/code-entry.ts";
import { mapTexts, shownText, shownWord } from "./clean-text.ts";
import type { Reader } from "./reader.ts";
import { quoteHost } from "./shell-quote.ts";

/** One problem, as data. Its texts are made when it is shown, for whoever reads them: see `describe`. */
export interface Finding {
  code: Code;
  severity: "error" | "warning";
  /** What the texts of the code are made from; `finding` holds them to the code's own type. */
  args: object;
  /** The raw cause, as it was met; empty if there is none. */
  why: string;
}

/** What a person or a program reads of one problem. */
export interface DescribedFinding {
  code: Code;
  severity: "error" | "warning";
  what: string;
  why: string;
  fix: string;
  next: string;
  /** Where the code is explained. */
  docs: string;
}

/** Arguments of codes that are hosts, or hosts with ports; a URL is quoted where it is used, since its parts are. */
const hostArguments = new Set(["host", "hosts", "privateHosts", "address"]);

/** Makes the finding of a code: `finding("warning", "registration-newer", {…}, why)`. */
export function finding<C extends Code>(severity: Finding["severity"], code: C, args: ArgsOf<C>, why = ""): Finding {
  return { code, severity, args: args as object, why };
}

/**
 * The texts of a finding, for one reader. What they are made from may be a stranger's words: none of them begins a line, so none
 * can look like a finding or a command of ours.
 */
export function describe(found: Finding, reader: Reader, docsUrl: string): DescribedFinding {
  const { code, severity } = found;
  const entry = catalog[code] as unknown as CodeEntry<object>;
  const args = mapTexts(found.args, shownWord) as object;
  const typed = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, hostArguments.has(name) ? mapTexts(value, quoteHost) : value]),
  );
  return {
    code,
    severity,
    what: entry.what(args, reader),
    why: shownText(found.why),
    fix: entry.fix(typed, reader),
    next: entry.next(typed, reader),
    docs: `${docsUrl}#${code}`,
  };
}
