import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** The folders whose time and chance come from a `Clock` that is passed in. */
const folders = ["network", "control-plane", "system", "flyte", "cluster", "checks/buildkit", "checks/control-plane"];

/** The machine's own clock. */
const clock = "system/clock.ts";

const direct = /\b(AbortSignal\.timeout|setTimeout|setInterval|new Date\(\)|Date\.now|Math\.random|performance\.now)/g;

test("nothing but the clock asks the machine for time or chance", () => {
  const files = folders.flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  expect(files).toContain(clock);
  const found = files
    .filter((file) => file !== clock)
    .flatMap((file) =>
      Array.from(readFileSync(join(source, file), "utf8").matchAll(direct), ([call]) => ({ file, call })),
    );
  expect(found).toEqual([]);
});
