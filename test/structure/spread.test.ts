import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** A literal that is spread into another one, which only keeps a formatter from breaking lines. */
const spreadLiteral = /\.\.\.(?:\{[^{}]*\}|\[[^[\]]*\])(?=\s*[,\])}])/g;

test("no literal is spread into another one", () => {
  const files = globSync("{src,test,testing,tools,bench}/**/*.ts", { cwd: root, exclude: ["**/node_modules/**"] });
  const found = files.flatMap((file) =>
    Array.from(readFileSync(join(root, file), "utf8").matchAll(spreadLiteral), ([text]) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});
