import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** The machine's own clock, and the process, which ends by itself after a signal. */
const exceptions: readonly string[] = ["system/clock.ts", "main.ts"];

const direct = /\b(AbortSignal\.timeout|setTimeout|setInterval|new Date\(\)|Date\.now|Math\.random|performance\.now)/g;

test("nothing but the clock asks the machine for time or chance", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  expect(files).toEqual(expect.arrayContaining([...exceptions]));
  const found = files
    .filter((file) => !exceptions.includes(file))
    .flatMap((file) =>
      Array.from(readFileSync(join(source, file), "utf8").matchAll(direct), ([call]) => ({ file, call })),
    );
  expect(found).toEqual([]);
});
