import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LayerEntry, type LayerFacts, parentOf } from "../../src/base-image/layer-facts.ts";
import { mergeLayers } from "../../src/base-image/merged-files.ts";

type Node = { kind: "directory" } | { kind: "link"; target: string } | { kind: "file"; layer: number };

/** Files by their whole paths, without a tree: what unpacking one layer after the other does, in as few words as possible. */
class FlatFiles {
  readonly nodes = new Map<string, Node>();

  /** Without links; nothing for a loop. */
  canonical(path: string, links = 0): string | undefined {
    if (links > 40) return undefined;
    const done: string[] = [];
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    for (const [index, part] of parts.entries()) {
      if (part === "..") {
        done.pop();
        continue;
      }
      const node = this.nodes.get([...done, part].join("/"));
      if (node?.kind === "link") {
        const from = node.target.startsWith("/") ? [] : done;
        return this.canonical([...from, node.target, ...parts.slice(index + 1)].join("/"), links + 1);
      }
      done.push(part);
    }
    return done.join("/");
  }

  remove(path: string, itself: boolean): void {
    for (const each of [...this.nodes.keys()]) {
      if ((itself && each === path) || each.startsWith(path === "" ? "" : `${path}/`)) this.nodes.delete(each);
    }
  }

  apply({ entries, directories, removed, emptied }: LayerFacts, layer: number): void {
    for (const path of emptied) {
      const at = this.canonical(path);
      if (at !== undefined) this.remove(at, false);
    }
    for (const path of removed) {
      const parent = this.canonical(parentOf(path));
      if (parent !== undefined) this.remove(join(parent, path), true);
    }
    for (const path of directories) {
      const parent = this.canonical(parentOf(path));
      const at = parent === undefined ? "" : join(parent, path);
      if (this.nodes.has(at)) this.nodes.set(at, { kind: "directory" });
    }
    for (const entry of entries) {
      const parent = this.canonical(parentOf(entry.path));
      if (parent === undefined) continue;
      for (let at = parent; at !== ""; at = parentOf(at)) {
        if (this.nodes.get(at)?.kind !== "directory") this.nodes.set(at, { kind: "directory" });
      }
      const at = join(parent, entry.path);
      this.remove(at, true);
      this.nodes.set(at, entry.kind === "file" ? { kind: "file", layer } : entry);
    }
  }

  namesIn(path: string): string[] {
    const below = [...this.nodes.keys()].filter((each) => each !== "" && parentOf(each) === path);
    return below.map((each) => each.slice(each.lastIndexOf("/") + 1)).sort();
  }
}

function join(parent: string, path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return parent === "" ? name : `${parent}/${name}`;
}

const names = fc.constantFrom("a", "b", "c");
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const targets = fc
  .tuple(fc.constantFrom("/", "", "../", "./", "../../"), fc.array(names, { maxLength: 3 }))
  .map(([start, parts]) => start + parts.join("/"));
const entry: fc.Arbitrary<LayerEntry> = fc.oneof(
  paths.map((path) => ({ kind: "file", path, isExecutable: true }) as const),
  fc.record({ kind: fc.constant("link" as const), path: paths, target: targets.filter((target) => target !== "") }),
);
const layer: fc.Arbitrary<LayerFacts> = fc.record({
  entries: fc.array(entry, { maxLength: 6 }),
  directories: fc.array(paths, { maxLength: 3 }),
  removed: fc.array(paths, { maxLength: 2 }),
  emptied: fc.array(paths, { maxLength: 1 }),
  weight: fc.constant(0),
});

describe("merged layers", () => {
  it("are what unpacking them one after the other gives", () => {
    fc.assert(
      fc.property(
        fc.array(layer, { maxLength: 5 }),
        fc.array(paths, { minLength: 10, maxLength: 10 }),
        (layers, asked) => {
          const merged = mergeLayers(layers.entries());
          const flat = new FlatFiles();
          for (const [index, facts] of layers.entries()) flat.apply(facts, index);
          for (const path of [...asked, ...layers.flatMap(({ entries }) => entries.map((one) => one.path))]) {
            const found = merged.resolve(path);
            const at = flat.canonical(path);
            const node = at === undefined ? undefined : at === "" ? { kind: "directory" as const } : flat.nodes.get(at);
            if (at === undefined) expect(found).toEqual({ kind: "loop" });
            else if (!node) expect(found).toEqual({ kind: "absent", path: at });
            else if (node.kind === "file")
              expect(found).toMatchObject({ kind: "file", path: at, file: { layer: node.layer } });
            else {
              expect(found).toMatchObject({ kind: "directory", path: at });
              expect(found.kind === "directory" && [...found.names].sort()).toEqual(flat.namesIn(at));
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("follow 40 links, as the kernel does, and no more", () => {
    const chain = (length: number) => {
      const links = Array.from(
        { length },
        (_, index) => ({ kind: "link", path: `l${index}`, target: `l${index + 1}` }) as const,
      );
      const end = { kind: "file", path: `l${length}`, isExecutable: true } as const;
      return mergeLayers([
        [0, { entries: [...links, end], directories: [], removed: [], emptied: [], weight: 0 }],
      ]).resolve("l0").kind;
    };
    expect([chain(40), chain(41)]).toEqual(["file", "loop"]);
  });
});
