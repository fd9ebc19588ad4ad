import { mapTexts, shownText } from "../findings/clean-text.ts";
import { foreignFormsOf } from "./secret-forms.ts";
import { type FindSecrets, secretFinder } from "./secret-matcher.ts";

/** Knows the secrets of a run and removes them from any text. */
export interface Redactor {
  /** Names a further text that must not be shown. */
  protect(secret: string): void;
  redact(text: string): string;
  /**
   * The same value as it may be shown: with the secrets, and then what a terminal obeys, removed from every text in it. Done
   * before it becomes JSON: a text in it may contain JSON itself, where a secret with a quotation mark would be escaped twice.
   */
  redactAll<T>(value: T): T;
}

/** Shorter texts would remove ordinary words; no real secret is that short. */
const shortestSecret = 4;

/** Characters of secrets in the forms of others: a stranger may register secrets, and each costs memory. */
const mostInForeignForms = 65_536;

/**
 * Makes a redactor. Secrets that overlap or touch are removed as one, so that no part of any of them is left, and so is the
 * beginning of one at the place where a text was cut.
 * @param asLiteral writes a text as a literal of a language whose files or messages may show a secret, without the quotes
 */
export function createRedactor(asLiteral: (text: string) => string): Redactor {
  const secrets = new Set<string>();
  let inForeignForms = 0;
  /** Of the secrets that are known now; made when a text is shown. */
  let findSecrets: FindSecrets | undefined;
  const redactor: Redactor = {
    protect: (secret) => {
      // Also line by line: a report indents a text of several lines.
      for (const text of [secret, ...secret.split(/\r?\n/)]) {
        if (text.trim().length < shortestSecret) continue;
        for (const form of [text, JSON.stringify(text).slice(1, -1), asLiteral(text)]) secrets.add(form);
        for (const form of foreignFormsOf(text).filter((other) => !secrets.has(other))) {
          inForeignForms += form.length;
          if (inForeignForms <= mostInForeignForms) secrets.add(form);
        }
      }
      findSecrets = undefined;
    },
    redact: (text) => {
      findSecrets ??= secretFinder(secrets);
      let shown = "";
      let end = 0;
      for (const place of findSecrets(text)) {
        shown += `${text.slice(end, place.start)}[redacted]`;
        end = place.end;
      }
      return shown + text.slice(end);
    },
    redactAll: (value) => mapTexts(value, (text) => shownText(redactor.redact(text))) as typeof value,
  };
  return redactor;
}
