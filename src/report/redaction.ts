import { mapTexts, shownText } from "../findings/clean-text.ts";

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

/**
 * Makes a redactor. Secrets that overlap are removed as one, so that no part of any of them is left.
 * @param asLiteral writes a text as a literal of a language whose files or messages may show a secret, without the quotes
 */
export function createRedactor(asLiteral: (text: string) => string): Redactor {
  const secrets = new Set<string>();
  const redactor: Redactor = {
    protect: (secret) => {
      // Also line by line: a report indents a text of several lines.
      for (const text of [secret, ...secret.split(/\r?\n/)]) {
        for (const form of [text, JSON.stringify(text).slice(1, -1), asLiteral(text)]) {
          if (form.trim().length >= shortestSecret) secrets.add(form);
        }
      }
    },
    redact: (text) => {
      const found = [...secrets].flatMap((secret) => placesOf(secret, text)).sort((a, b) => a.start - b.start);
      let shown = "";
      let end = 0;
      for (const place of found) {
        if (place.start >= end) shown += `${text.slice(end, place.start)}[redacted]`;
        end = Math.max(end, place.end);
      }
      return shown + text.slice(end);
    },
    redactAll: (value) => mapTexts(value, (text) => shownText(redactor.redact(text))) as typeof value,
  };
  return redactor;
}

/** Every place of a secret in a text, those that overlap included. */
function placesOf(secret: string, text: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
    places.push({ start, end: start + secret.length });
  }
  return places;
}
