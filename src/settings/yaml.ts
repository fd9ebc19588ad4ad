import { type Document, type ErrorCode, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml";

/** Messages for errors that the library describes with an excerpt in the middle. */
const sentences: Partial<Record<ErrorCode, string>> = {
  TAG_RESOLVE_FAILED: "Unresolved tag",
  BAD_DQ_ESCAPE: "Invalid escape sequence",
  BAD_DIRECTIVE: "Unusable directive",
};

/**
 * Dialects of YAML: that of our own files, and that of Python programs, where `yes` is true, `<<` merges, and the last of two
 * equal keys counts. Without the known tags, `!!omap` and the like are errors; their values are not mappings.
 */
const dialects = {
  own: { version: "1.2", resolveKnownTags: false },
  python: { version: "1.1" },
} as const;

export type Dialect = keyof typeof dialects;

/** A YAML text that has been read. */
export interface YamlText {
  value: unknown;
  /** The line, counted from 1, of what is at this path, or of the nearest that contains it; nothing for the whole text. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * The value of a YAML text.
 * @throws {Error} as `readYaml`
 */
export function parseYaml(text: string, dialect: Dialect = "own"): unknown {
  return readYaml(text, dialect).value;
}

/**
 * Reads a YAML text.
 * @throws {Error} if it is not YAML, with line and column; the message does not repeat the text, which may contain a secret
 */
export function readYaml(text: string, dialect: Dialect = "own"): YamlText {
  // The library compares each key with all others of its mapping, which takes minutes for a file of a megabyte.
  const document = parseDocument(text, { ...dialects[dialect], uniqueKeys: false, logLevel: "error" });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [at] = problem.linePos ?? [];
    const sentence = sentences[problem.code] ?? withoutText(problem.message);
    throw new Error(`${sentence} at line ${at?.line}, column ${at?.col}`);
  }
  const repeated = dialect === "own" ? repeatedKey(document) : undefined;
  if (repeated !== undefined) throw new Error(`Map keys must be unique at ${placeAt(text, repeated)}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw new Error(withoutText(String(error)));
  }
  if (holdsItself(value, [])) throw new Error("an alias is inside of its own anchor");
  return { value, lineOf: (path) => lineOf(path, document, text) };
}

/** The offset of a key that its mapping has already. */
function repeatedKey(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) {
          found = key.range?.[0];
          return visit.BREAK;
        }
        known.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

function placeAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

function lineOf(path: readonly PropertyKey[], document: Document.Parsed, text: string): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    let found: unknown;
    if (isMap(node)) {
      // Of two equal keys, which Python allows, the last one counts.
      const pair = node.items.findLast((item) => isScalar(item.key) && String(item.key.value) === String(key));
      [found, node] = [pair?.key, pair?.value];
    } else if (isSeq(node)) {
      found = node = node.items[Number(key)];
    }
    if (!isNode(found)) break;
    offset = found.range?.[0];
  }
  return offset === undefined ? undefined : text.slice(0, offset).split("\n").length;
}

/** The library's message without the excerpt, which follows a colon. */
function withoutText(message: string): string {
  return message.replace(/^\w*Error: /, "").split(/:| at line \d/, 1)[0] ?? "";
}

function holdsItself(value: unknown, around: readonly unknown[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return around.includes(value) || Object.values(value).some((inner) => holdsItself(inner, [...around, value]));
}
