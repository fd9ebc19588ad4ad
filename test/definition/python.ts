import { execFileSync } from "node:child_process";

/** A Python file's syntax tree without its constants, and the constants. */
export interface Parsed {
  shape: string;
  constants: unknown[];
}

const literals = "import ast, json, sys\nfor line in sys.stdin: print(json.dumps(ast.literal_eval(line)))";

const dumps = "import json, sys\nfor value in json.load(sys.stdin): print(json.dumps(value, sort_keys=True))";

// The kind of a constant belongs to the shape: text that became a number, or a name that became text, would show.
const trees = `
import ast, json, sys
def parsed(source):
    tree, constants = ast.parse(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            constants.append(node.value)
            node.value = type(node.value).__name__
    return {"shape": ast.dump(tree), "constants": constants}
print(json.dumps([parsed(source) for source in json.load(sys.stdin)]))
`;

const quotes =
  "import json, sys, urllib.parse\nprint(json.dumps([urllib.parse.quote_plus(t) for t in json.load(sys.stdin)]))";

const decodes = `
import base64, json, sys
def decoded(key):
    try:
        return base64.b64decode(key.encode("utf-8")).decode("utf-8")
    except ValueError:
        return None
print(json.dumps([decoded(key) for key in json.load(sys.stdin)]))
`;

/** Texts as Python's quote_plus leaves them, one process for all of them. */
export function quotedPlus(texts: readonly string[]): string[] {
  return JSON.parse(python(quotes, JSON.stringify(texts)));
}

/** What Python decodes from base64 that is text, one process for all of them; null where it refuses. */
export function decodedBase64(keys: readonly string[]): (string | null)[] {
  return JSON.parse(python(decodes, JSON.stringify(keys)));
}

/** What Python reads in literals, one process for all of them. */
export function evaluated(literalsOfValues: readonly string[]): unknown[] {
  return python(literals, `${literalsOfValues.join("\n")}\n`)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** What Python reads in files, one process for all of them. */
export function parsed(sources: readonly string[]): Parsed[] {
  return JSON.parse(python(trees, JSON.stringify(sources)));
}

/** JSON values as Python writes them, one process for all of them. */
export function dumped(values: readonly unknown[]): string[] {
  return python(dumps, JSON.stringify(values)).trimEnd().split("\n");
}

function python(program: string, input: string): string {
  return execFileSync("python3", ["-I", "-c", program], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
}
