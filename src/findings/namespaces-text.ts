/** How many namespaces a sentence names; a data plane may have hundreds. */
const mostNamed = 8;

/** "namespace a", "namespaces a and b", "namespaces a, b, … and 90 more". */
export function namespacesText(namespaces: readonly string[]): string {
  const [first = "", ...others] = namespaces;
  if (others.length === 0) return `namespace ${first}`;
  if (namespaces.length > mostNamed) {
    return `namespaces ${namespaces.slice(0, mostNamed).join(", ")} and ${namespaces.length - mostNamed} more`;
  }
  return `namespaces ${namespaces.slice(0, -1).join(", ")} and ${namespaces.at(-1)}`;
}

/** "ConfigMap a/settings", "ConfigMap settings in namespaces a and b"; "ConfigMap settings" if the namespace is not known. */
export function objectText(kind: string, namespaces: readonly string[], name: string): string {
  if (namespaces.length === 0) return `${kind} ${name}`;
  if (namespaces.length === 1) return `${kind} ${namespaces[0]}/${name}`;
  return `${kind} ${name} in ${namespacesText(namespaces)}`;
}
