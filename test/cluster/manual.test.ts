import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentedCommands } from "./documented-commands.ts";
import { createRelease, fullname, type Release } from "./release.ts";
import { runInShell } from "./shell.ts";

/** Runs commands of docs/operations.md in one shell, with the namespace and the names of a test. */
async function runDocumented(release: Release, commands: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "documented-"));
  const script = commands
    .join("\n")
    .replaceAll("-n union", `-n ${release.namespace.name}`)
    .replaceAll("registrar-image-builder-registrar", fullname);
  try {
    return await runInShell(script, { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The Job whose name begins with this word, and ends with the time at which it was created. */
async function nameOfJob({ namespace }: Release, word: string): Promise<string> {
  const names = (await namespace.list("jobs")).flatMap(({ metadata }) => metadata?.name ?? []);
  return names.find((name) => new RegExp(`^${word}-\\d+$`).test(name)) ?? `no ${word}-… among ${names.join(", ")}`;
}

describe("a person in the cluster", () => {
  test("replaces what another Helm release has registered, and with force a newer appVersion", async () => {
    await using release = await createRelease(4);
    const { plane } = release.controlPlane;
    await release.install({ appVersion: "2026.3.4" });

    plane.store({ version: "2026.3.4-r1" });
    const scheduled = await release.runJob("");
    expect(scheduled.log).toContain("registration-conflict");
    const registered = await release.runJob("-register");
    expect(registered, registered.log).toMatchObject({ end: "Complete" });
    expect(release.currentVersion()).toBe("2026.3.4-r2");
    expect(await release.recorded("manual")).toMatchObject({ state: "registered", exitCode: 0 });

    plane.store({ version: "2026.3.6" });
    const kept = await release.runJob("-register");
    expect(kept.log).toContain("registration-newer");
    expect(release.currentVersion()).toBe("2026.3.6");
    expect(kept.log).toContain(`create job --from=cronjob/${fullname}-register-force`);
    expect(await release.runJob("-register-force")).toMatchObject({ end: "Complete" });
    expect(release.currentVersion()).toBe("2026.3.4-r3");
  });

  test("runs status, verify and a support bundle by the documented commands, whatever arguments the check has", async () => {
    await using release = await createRelease(4);
    await release.install({ appVersion: "2026.3.4", check: { extraArgs: ["--skip=tls-expires-soon"] } });
    const commands = documentedCommands("Run another command in the cluster");
    const unpack = commands.pop() ?? "";
    // Each has a name of its own for its Job, on the line before it.
    const [status = [], verify = [], bundle = [], ...others] = Object.values(
      Object.groupBy(commands, (_, index) => Math.floor(index / 2)),
    );
    expect(others).toEqual([]);

    await runDocumented(release, status);
    const shown = await release.endOf(await nameOfJob(release, "status"));
    expect(shown, shown.log).toMatchObject({ end: "Complete" });
    expect(shown.log).toContain("2026.3.4");
    expect(shown.log).toContain("install");

    await runDocumented(release, verify);
    const verified = await release.endOf(await nameOfJob(release, "verify"));
    expect(verified, verified.log).toMatchObject({ end: "Complete" });
    expect(verified.log).toContain("current: 2026.3.4");

    await runDocumented(release, bundle);
    const job = await nameOfJob(release, "bundle");
    await release.endOf(job);
    const listed = await runDocumented(release, [`job=${job}`, unpack, "tar -tzf support.tgz"]);
    expect(listed.split("\n")).toContain("registrar-support/check.txt");
  });
});
