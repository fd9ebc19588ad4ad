import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runProgram } from "../../testing/program/run-program.ts";
import { unpackBundle } from "../../testing/program/unpack-bundle.ts";

/** What is left of a pod's 128 MB for what the program makes. */
const env = { NODE_OPTIONS: "--max-old-space-size=96" };

/** A spec with these settings of its own. */
function specWith(config: Record<string, string>, type = "python") {
  const container: MessageInitShape<typeof TaskSpecSchema> = {
    taskTemplate: {
      type,
      config,
      target: { case: "container", value: { image: "x", env: [{ key: "DB_PASSWORD", value: "hunter2-of-the-env" }] } },
    },
  };
  return create(TaskSpecSchema, container);
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "hostile-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const nested = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, index) => [`secret${index}`, "a".repeat(4 + index)]),
);
const marks = '"/'.repeat(8_000);

describe("a registration of somebody else", () => {
  it.each([
    ["a thousand secrets within each other", nested, "a".repeat(1_000_000)],
    ["secrets that have many forms", { secret1: marks, secret2: `${marks.slice(60)}a` }, `${marks.repeat(100)}…`],
    ["more secrets than any pod has", { secret: "a".repeat(1_000_000) }, "python"],
  ])("with %s costs no memory, in a report or in a support bundle", async (_name, config, type) => {
    await using plane = await startControlPlane();
    await using folder = await temporaryFolder();
    plane.store({ version: "2026.3.4", spec: specWith(config, type) });
    const flags = [...against(plane), "--app-version", "2026.3.4"];
    const verified = await runProgram(["verify", ...flags], { env });
    expect(verified).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("not-current") });
    expect(verified.stdout).not.toMatch(/hunter2|aaaaaaaa|"\/"\//);
    const file = join(folder.path, "support.tgz");
    const checked = await runProgram(["check", ...flags, "--bundle", file], { env });
    expect(checked.stderr).toContain("The support bundle is");
    expect(Object.values(await unpackBundle(file)).join("")).not.toMatch(/hunter2|aaaaaaaa|"\/"\/|\\"\/\\"\//);
  });

  it("has the values of a container's variables kept back that are named like a secret", async () => {
    await using plane = await startControlPlane();
    plane.store({ version: "2026.3.4", spec: specWith({}) });
    const { stdout } = await runProgram(["verify", ...against(plane), "--app-version", "2026.3.4"]);
    expect(stdout).toContain("DB_PASSWORD");
    expect(stdout).not.toContain("hunter2");
  });
});

describe("a support bundle", () => {
  it("takes the place of a link or of a file that others may read, and follows neither", async () => {
    await using folder = await temporaryFolder();
    const [target, link, open] = ["target", "link", "open"].map((name) => join(folder.path, name));
    if (!target || !link || !open) throw new Error("unreachable");
    await writeFile(target, "theirs");
    await writeFile(open, "", { mode: 0o666 });
    await symlink(target, link);
    for (const file of [link, open]) {
      await runProgram(["check", "--bundle", file]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await readFile(file)).subarray(0, 2)).toEqual(Buffer.of(0x1f, 0x8b));
    }
    expect(await readFile(target, "utf8")).toBe("theirs");
  });
});
