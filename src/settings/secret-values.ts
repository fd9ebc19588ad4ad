/** Names whose values are taken for secrets. */
const secretName = /secret|token|passw|credential|private|api[-_]?key|access[-_]?key/i;
/** Names of what only says where a secret lies. */
const placeName = /(file|path|name|variable|location|audience|endpoint|url)$/i;

/**
 * The texts in a JSON value that may be secrets, by the names that they stand under: as a value of a mapping, or as a
 * `value` beside a `name`, as Kubernetes writes environment variables. Pod templates may hold some, put there by hand.
 */
export function secretValues(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(secretValues);
  if (Array.isArray(value)) return inner;
  const own = Object.entries(value).flatMap(([name, text]) => (isSecret(name, text) ? [text] : []));
  const named = "name" in value && "value" in value && isSecret(String(value.name), value.value) ? [value.value] : [];
  return [...own, ...named, ...inner];
}

function isSecret(name: string, text: unknown): text is string {
  return typeof text === "string" && secretName.test(name) && !placeName.test(name);
}
