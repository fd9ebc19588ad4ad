import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";

/** Words of what only some runs need, and the file of the bundle that has them. */
const apart = [
  { file: "check", words: "the certificate is trusted" },
  { file: "build", words: "IMAGE_BUILDER_REGISTRAR_SMOKE" },
];

const textOf = (file: string) => readFileSync(join(dirname(inject("program")), `${file}.mjs`), "utf8");

test.each(apart)("what only $file.mjs needs is not in what every run reads", ({ file, words }) => {
  expect([file, "main"].map((name) => textOf(name).includes(words))).toEqual([true, false]);
});

test("what every run reads is not larger than it was before there were builds", () => {
  expect(textOf("main").length).toBeLessThan(1_028_000);
});
