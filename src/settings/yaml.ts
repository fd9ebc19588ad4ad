import { type Document, type ErrorCode, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from "yaml";

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
  own: { version: "1.2", uniqueKeys: true, resolveKnownTags: false },
  python: { version: "1.1", uniqueKeys: false },
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
  const document = parseDocument(text, { ...dialects[dialect], logLevel: "error" });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [at] = problem.linePos ?? [];
    const sentence = sentences[problem.code] ?? withoutText(problem.message);
    throw new Error(`${sentence} at line ${at?.line}, column ${at?.col}`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw new Error(withoutText(String(error)));
  }
  if (holdsItself(value, [])) throw new Error("an alias is inside of its own anchor");
  return { value, lineOf: (path) => lineOf(path, document, text) };
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
