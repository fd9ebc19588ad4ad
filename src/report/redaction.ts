/** Knows the secrets of a run and takes them out of any text. */
export interface Redactor {
  /** Names a further text that must not be shown. */
  protect(secret: string): void;
  redact(text: string): string;
}

/** Shorter texts would blot out ordinary words; no secret worth the name is that short. */
const shortestSecret = 4;

/** Makes a redactor. Secrets that overlap are taken out as one, so that none of them leaves remains. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    protect: (secret) => {
      // Line by line too: a report indents what has several.
      for (const text of [secret, ...secret.split(/\r?\n/)]) {
        for (const form of [text, JSON.stringify(text).slice(1, -1)]) {
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
  };
}

/** Every place of a secret in a text, those that overlap included. */
function placesOf(secret: string, text: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let start = text.indexOf(secret); start >= 0; start = text.indexOf(secret, start + 1)) {
    places.push({ start, end: start + secret.length });
  }
  return places;
}
