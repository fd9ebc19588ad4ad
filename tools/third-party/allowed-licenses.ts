/** Licences (SPDX) of code that we may hand on inside of our own, with its text. */
const allowed: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "Unlicense",
]);

/**
 * The licences in an SPDX expression that are not allowed. Of alternatives (`OR`) each must be allowed: which of them was chosen
 * is written nowhere.
 * @returns their names; the expression itself if it names no licence
 */
export function refusedLicenses(expression: string): string[] {
  const names = expression.split(/[\s()]+|\b(?:AND|OR)\b/).filter((name) => name !== "");
  return names.length === 0 ? [expression] : names.filter((name) => !allowed.has(name));
}
