import { describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli.ts";
import { createFakeWorld } from "../../fake-world.ts";

const args = ["images", "--app-version", "2026.3.4", "--to", "registry.example.com/union"];

async function run(flags: readonly string[], screen: { isTerminal?: boolean; colour?: boolean } = {}) {
  const world = createFakeWorld(screen);
  const exitCode = await runCli([...args, ...flags], world);
  return { exitCode, ...world.written };
}

describe("images", () => {
  it("prints a table on a terminal, in colour if that is shown, and what it does not list in it", async () => {
    const plain = await run([], { isTerminal: true });
    expect(plain).toMatchObject({ exitCode: 0, error: "" });
    expect(plain.out).toMatch(
      /^public.ecr.aws\/\S+\/build-image:2026.3.4\n {2}to {10}registry.example.com\/union\/build-image/,
    );
    expect(plain.out).toContain("Not listed: the tag of ghcr.io/astral-sh/uv");
    expect(plain.out).not.toContain("\x1b");
    expect((await run([], { isTerminal: true, colour: true })).out).toContain("\x1b[1m");
  });

  it("prints a list elsewhere, of the places in the mirror, and what it does not list to standard error", async () => {
    const { out, error } = await run([]);
    expect(out.split("\n")[0]).toBe("registry.example.com/union/build-image:2026.3.4");
    expect(out).not.toContain("Not listed");
    expect(error).toContain("Not listed: the tag of ghcr.io/astral-sh/uv");
  });

  it.each(["list", "json", "script"])("prints a %s on a terminal too, if it is asked for", async (form) => {
    const [piped, shown] = [await run(["--format", form]), await run(["--format", form], { isTerminal: true })];
    expect(shown).toEqual(piped);
  });
});
