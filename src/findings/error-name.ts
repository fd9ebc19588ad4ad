/**
 * What `instanceof` asks of an error class of this program. The files of the bundle that are loaded apart (tools/bundle.ts) have
 * a copy of each class, so an error of one file is recognized in another by its name.
 */
export function hasErrorName(name: string): (value: unknown) => boolean {
  return (value) => value instanceof Error && value.name === name;
}
