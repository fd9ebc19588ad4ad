// Runs a script as src/launch.ts does, and writes what V8 has compiled of it when the process ends.
//   node tools/run-and-keep.ts SCRIPT OUTPUT [argument of the script …]
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const [node = "", , program = "", output = "", ...args] = process.argv;
process.argv = [node, program, ...args];
/** What V8 does on other threads and by the clock, which marks functions differently each time. */
const byChance = ["sparkplug", "maglev", "turbofan", "flush-bytecode"];
for (const flag of byChance) setFlagsFromString(`--no-${flag}`);
const script = new Script(Module.wrap(readFileSync(program, "utf8")), { filename: program });
process.on("exit", () => {
  // V8 takes code only with the flags that it was kept with.
  for (const flag of byChance) setFlagsFromString(`--${flag}`);
  writeFileSync(output, script.createCachedData(), { mode: 0o644 });
});
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(program), module, program, dirname(program));
