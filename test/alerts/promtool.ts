import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";

/**
 * Runs promtool in a folder with files.
 * @returns whether it is content, and what it says
 */
export async function promtool(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  input = "",
): Promise<{ isContent: boolean; said: string }> {
  const cwd = await mkdtemp(join(tmpdir(), "promtool-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    const program = join(inject("prometheus"), "promtool");
    const { exitCode, all } = await execa(program, args, { cwd, input, reject: false, all: true, timeout: 30_000 });
    return { isContent: exitCode === 0, said: all };
  } finally {
    await rm(cwd, { recursive: true });
  }
}
