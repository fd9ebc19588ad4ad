import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { copyToolNames } from "../../../src/images/mirror/copy-tools.ts";
import { type MirrorReport, mirrorReportSchema } from "../../../src/report/mirror-report.ts";
import { startProgram } from "../../../testing/program/run-program.ts";
import { type MirrorLab, mirrorHost, startMirrorLab } from "../../../testing/registry/mirror-lab.ts";
import { wholeImageIn, wholeImagesOf } from "../../../testing/registry/whole-images.ts";

let lab: MirrorLab;
let path: string;

beforeAll(async () => {
  const tools = inject("registryTools");
  path = `${tools}:${process.env["PATH"]}`;
  lab = await startMirrorLab(inject("registries"));
});
afterAll(() => lab[Symbol.asyncDispose]());

function start(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return startProgram(["images", "mirror", ...lab.flags, ...flags], { env: { ...lab.env, PATH: path, ...env } });
}

async function mirror(flags: readonly string[], env?: Readonly<Record<string, string>>): Promise<MirrorReport> {
  const { stdout, stderr, exitCode } = await start([...flags, "--output", "json"], env);
  expect(stderr).toBe("");
  const report = mirrorReportSchema.parse(JSON.parse(stdout));
  expect(report.exitCode).toBe(exitCode);
  return report;
}

/** How each image of a report ended, by where it comes from. */
function statesOf({ images }: MirrorReport): Record<string, string> {
  return Object.fromEntries(images.map(({ source, state, finding }) => [source, finding?.why ?? state]));
}

/** Each image of the lab in one state. */
function all<State>(state: State): Record<string, State> {
  return Object.fromEntries(lab.images.map(({ reference }) => [reference, state]));
}

/** The digests in the private registry, by where images come from; torn ones throw. */
async function digestsIn(prefix: string): Promise<Record<string, string | undefined>> {
  const digests: Record<string, string | undefined> = {};
  for (const { reference, path: below, version } of lab.images) {
    digests[reference] = await wholeImageIn(lab.mirrorUrl, `${prefix}/${below}`, version);
  }
  return digests;
}

function expectedDigests(): Record<string, string> {
  return Object.fromEntries(lab.images.map(({ reference, content }) => [reference, content.digest]));
}

test("a run without writing says what it would copy", async () => {
  const report = await mirror(["--to", `${mirrorHost}/dry`, "--dry-run"]);
  expect(statesOf(report)).toEqual(all("planned"));
  expect(await digestsIn("dry")).toEqual(all(undefined));
});

describe.each(copyToolNames)("by %s", (tool) => {
  test("images of both media types and their attestations reach a registry, once", async () => {
    const flags = ["--to", `${mirrorHost}/${tool}`, "--tool", tool];
    const report = await mirror(flags);
    expect(statesOf(report)).toEqual(all("copied"));
    expect(report).toMatchObject({ tool, exitCode: 0 });
    expect(await digestsIn(tool)).toEqual(expectedDigests());
    expect(statesOf(await mirror(flags))).toEqual(all("there"));
  });

  test("they reach a folder, once, and from there a registry, by their names alone", async () => {
    const folder = join(lab.folder, tool);
    const into = ["--to", `oci:${folder}`, "--tool", tool];
    expect(statesOf(await mirror(into))).toEqual(all("copied"));
    expect(Object.fromEntries(await wholeImagesOf(folder))).toEqual(expectedDigests());
    expect(statesOf(await mirror(into))).toEqual(all("there"));
    const from = ["--from", `oci:${folder}`, "--to", `${mirrorHost}/from-${tool}`, "--tool", tool];
    expect(statesOf(await mirror(from))).toEqual(all("copied"));
    expect(await digestsIn(`from-${tool}`)).toEqual(expectedDigests());
    rmSync(folder, { recursive: true });
  });

  test("a login that is refused is reported in the words of the tool", async () => {
    const env = { DOCKER_CONFIG: "/nonexistent" };
    const report = await mirror(["--to", `${mirrorHost}/refused`, "--tool", tool], env);
    expect(report.exitCode).toBe(1);
    for (const { state, finding } of report.images) {
      expect([state, finding?.code]).toEqual(["failed", "mirror-copy-failed"]);
      expect(finding?.why).toMatch(new RegExp(`^${tool} ended with \\d+: .*(unauthorized|401|credential)`, "i"));
    }
  });
});

describe("a run that is killed", () => {
  const kills = Array.from({ length: 10 }, (_, index) => ({
    index,
    tool: copyToolNames[index % copyToolNames.length] ?? "crane",
    signal: index % 2 === 0 ? ("SIGKILL" as const) : ("SIGTERM" as const),
    // Each tool fills both.
    place: ((index >> 1) ^ (index >> 2)) % 2 === 0 ? "registry" : "folder",
    milliseconds: Math.round(Math.random() * 500),
  }));
  /** How many images each killed run had finished. */
  const finished: number[] = [];

  test.each(kills)(
    "by $signal $milliseconds ms after $tool began to fill a $place leaves nothing torn, and the next run ends it",
    async ({ index, tool, signal, place, milliseconds }) => {
      const folder = join(lab.folder, `killed-${index}`);
      const to = place === "folder" ? `oci:${folder}` : `${mirrorHost}/killed-${index}`;
      const flags = ["--to", to, "--tool", tool];
      const found = async () =>
        place === "folder" ? Object.fromEntries(await wholeImagesOf(folder)) : await digestsIn(`killed-${index}`);
      const run = start(flags);
      await once(run.stdout, "data");
      await sleep(milliseconds);
      const killed = Date.now();
      run.kill(signal);
      const { exitCode } = await run;
      expect(Date.now() - killed).toBeLessThan(5_000);
      if (signal === "SIGTERM") expect([0, 143]).toContain(exitCode);
      const left = onlyKnown(await found());
      expect(expectedDigests()).toMatchObject(left);
      finished.push(Object.keys(left).length);
      const states = Object.values(statesOf(await mirror(flags)));
      expect(states.filter((state) => state !== "copied" && state !== "there")).toEqual([]);
      expect(await found()).toEqual(expectedDigests());
    },
  );

  test("is one that was not done, most of the times", () => {
    expect(finished.filter((count) => count < lab.images.length).length).toBeGreaterThan(kills.length / 2);
  });
});

function onlyKnown(digests: Record<string, string | undefined>): object {
  return Object.fromEntries(Object.entries(digests).filter(([, digest]) => digest !== undefined));
}
