#!/usr/bin/env node
// Runs first: refuses an older Node, lets V8 keep what it compiles, and loads the program.
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

if (Number(process.versions.node.split(".")[0]) < 26) {
  process.stderr.write(`registrar needs Node.js 26 or newer, and this is ${process.version}; install Node.js 26.\n`);
  process.exit(2);
}
/** Made with the bundle (tools/bundle.ts), for the Node that made it; others ignore it. */
const cache = join(import.meta.dirname, "compile-cache");
if (existsSync(cache)) enableCompileCache({ directory: cache, portable: true });
await import("./main.ts");
