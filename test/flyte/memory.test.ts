import { describe, expect, it } from "vitest";
import { ensureEnoughMemory } from "../../src/flyte/memory.ts";

const v2 = "/sys/fs/cgroup/memory.max";
const v1 = "/sys/fs/cgroup/memory/memory.limit_in_bytes";
const mebibyte = 1024 * 1024;

function ensure(files: Readonly<Record<string, string>>): void {
  ensureEnoughMemory((path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return Buffer.from(text);
  });
}

describe("a container's memory limit", () => {
  it.each([{ [v2]: `${96 * mebibyte}\n` }, { [v1]: `${96 * mebibyte}\n` }])("may be too low: %j", (files) => {
    expect(() => ensure(files)).toThrow(
      expect.objectContaining({
        code: "memory-too-low",
        finding: expect.objectContaining({ args: { limit: 96, needed: 144 } }),
      }),
    );
  });

  it.each([
    {},
    { [v2]: "max\n" },
    { [v2]: `${192 * mebibyte}\n` },
    { [v1]: "9223372036854771712\n" },
    { [v2]: "", [v1]: `${192 * mebibyte}` },
  ])("is no matter where it is absent or high enough: %j", (files) => {
    expect(() => ensure(files)).not.toThrow();
  });
});
