import { pythonLiteral } from "../definition/python-literal.ts";

/** Knows the secrets of a run and takes them out of any text. */
export interface Redactor {
  /** Names a further text that must not be shown. */
  protect(secret: string): void;
  redact(text: string): string;
  /**
   * The same value with the secrets taken out of every text in it. To be done before it becomes JSON: a text in it may
   * hold JSON of its own, and a secret with a quotation mark in it would be written in a form that nobody looks for.
   */
  redactAll<T>(value: T): T;
}

/** Shorter texts would blot out ordinary words; no secret worth the name is that short. */
const shortestSecret = 4;

/** Makes a redactor. Secrets that overlap are taken out as one, so that none of them leaves remains. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  const redactor: Redactor = {
    protect: (secret) => {
      // Line by line too: a report indents what has several.
      for (const text of [secret, ...secret.split(/\r?\n/)]) {
        for (const form of [text, JSON.stringify(text).slice(1, -1), pythonLiteral(text).slice(1, -1)]) {
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
    redactAll: (value) => mapTexts(value, redactor.redact) as typeof value,
  };
  return redactor;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, map)]));
}

/** Every place of a secret in a text, those that overlap included. */
function placesOf(secret: string, text: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
    places.push({ start, end: start + secret.length });
  }
  return places;
}
