import { readFileSync } from "node:fs";
import { join } from "node:path";

const operations = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");

/** The commands in the code blocks below a heading of docs/operations.md, without their prompt. */
export function documentedCommands(heading: string): string[] {
  const [, section] = operations.split(new RegExp(`^#+ ${heading}$`, "m"));
  if (section === undefined) throw new Error(`docs/operations.md has no heading ${heading}`);
  const [own = ""] = section.split(/^#/m);
  return [...own.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command ?? "");
}
