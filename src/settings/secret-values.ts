/** Names whose values are treated as secrets. */
const secretName = /secret|token|passw|credential|private|api[-_]?key|access[-_]?key/i;
/** Names of values that only say where a secret is. */
const placeName = /(file|path|name|variable|location|audience|endpoint|url)$/i;

/**
 * The texts in a JSON value that may be secrets, judged by their names: values of a mapping, and `value` next to `name`, as in
 * environment variables of Kubernetes, or next to `key`, as in those of a Flyte container.
 */
export function secretValues(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(secretValues);
  if (Array.isArray(value)) return inner;
  const own = Object.entries(value).flatMap(([name, text]) => (isSecret(name, text) ? [text] : []));
  const named = (["name", "key"] as const).flatMap((field) => {
    const { [field]: name, value: text } = value as Partial<Record<string, unknown>>;
    return typeof name === "string" && isSecret(name, text) ? [text] : [];
  });
  return [...own, ...named, ...inner];
}

function isSecret(name: string, text: unknown): text is string {
  return typeof text === "string" && secretName.test(name) && !placeName.test(name);
}
