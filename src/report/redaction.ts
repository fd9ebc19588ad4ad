/** Knows the secrets of a run and takes them out of any text. */
export interface Redactor {
  /** Names a further text that must not be shown. */
  protect(secret: string): void;
  redact(text: string): string;
}

/** Shorter texts would blot out ordinary words; no secret worth the name is that short. */
const shortestSecret = 4;

/** Makes a redactor. The longest secrets go first, so that one inside another leaves no remains. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    protect: (secret) => {
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
        if (form.length >= shortestSecret) secrets.add(form);
      }
    },
    redact: (text) =>
      [...secrets]
        .sort((a, b) => b.length - a.length)
        .reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), text),
  };
}
