import { readFileSync } from "node:fs";
import { Module } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { expect, inject, test } from "vitest";

const read = (file: string) => readFileSync(join(dirname(inject("program")), file));
const compiledCode = () => read(`main-${process.version}-${process.arch}.compiled`);

test("what only the checks need is not in what every run reads", () => {
  const words = "the certificate is trusted";
  expect(["check.cjs", "main.cjs"].map((file) => read(file).includes(words))).toEqual([true, false]);
});

test("what every run reads is not larger than it was before there were builds", () => {
  expect(read("main.cjs").length).toBeLessThan(1_028_000);
});

test("V8 takes the compiled code for the program's", () => {
  const wrapped = Module.wrap(read("main.cjs").toString("utf8"));
  expect(new Script(wrapped, { cachedData: compiledCode() }).cachedDataRejected).toBe(false);
});

test("the compiled code has the functions of a whole build, and not only those that run while the program loads", () => {
  // Words of the function that reads the digest from the log of a build that has ended.
  expect(compiledCode().includes("pushing manifest for")).toBe(true);
});
