#!/usr/bin/env node
// Runs first: refuses an older Node, and runs the program with what V8 has compiled of it (tools/compiled-code.ts).
import { existsSync, readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

if (Number(process.versions.node.split(".")[0]) < 26) {
  process.stderr.write(`registrar needs Node.js 26 or newer, and this is ${process.version}; install Node.js 26.\n`);
  process.exit(2);
}
const program = join(import.meta.dirname, "main.cjs");
/** For the Node that made the bundle: V8 does not tell code of another processor from its own. */
const compiled = join(import.meta.dirname, `main-${process.version}-${process.arch}.compiled`);
const script = new Script(Module.wrap(readFileSync(program, "utf8")), {
  filename: program,
  ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
});
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(import.meta.url), module, program, import.meta.dirname);
