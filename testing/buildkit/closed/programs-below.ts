import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, in whatever namespaces it is. */
interface Process {
  id: number;
  parent: number;
  /** Its program's name, of at most 15 characters. */
  name: string;
}

/** Names of the programs that a process has started, and those have, and so on. */
export function programsBelow(ancestor: number): string[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((process) => [process, ...below(process.id)]);
  return below(ancestor).map(({ name }) => name);
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      const [, name = "", parent = ""] = /^\d+ \((.*)\) \S (\d+)/s.exec(statusOf(id)) ?? [];
      return parent === "" ? [] : [{ id: Number(id), parent: Number(parent), name }];
    });
}

/** Empty if it has ended meanwhile. */
function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/stat`, "utf8");
  } catch {
    return "";
  }
}
