import { describe, expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { helms } from "../chart/helm.ts";
import { createRelease, fullname } from "./release.ts";

/** What a test puts into its namespace before it installs. */
const before = ["configmap/ca", "configmap/build-image-config", "secret/union-secret-auth"];

describe.each(helms)("Helm %i", (major) => {
  test("install, upgrade, rollback, test and uninstall", async () => {
    await using release = await createRelease(major);

    const installed = await release.install({ appVersion: "2026.3.4" });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.4");
    expect(await release.recorded("install")).toMatchObject({ state: "registered", codes: [], exitCode: 0 });
    expect((await release.events()).map(({ reason }) => reason)).toEqual(["Registered"]);

    const upgraded = await release.upgrade({ appVersion: "2026.3.5" });
    expect(upgraded, upgraded.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.5");

    const tested = await release.run("test", "--logs");
    expect(tested, tested.stderr).toMatchObject({ exitCode: 0 });
    expect(tested.stdout).toContain("2026.3.5");

    expect(await release.run("rollback", "1")).toMatchObject({ exitCode: 0 });
    expect(await release.status()).toBe("deployed");
    expect(release.currentVersion()).toBe("2026.3.5");
    await release.runJob("");
    expect(release.currentVersion()).toBe("2026.3.4-r1");
    expect(await release.recorded("schedule")).toMatchObject({ state: "registered", exitCode: 0 });

    expect(await release.run("uninstall")).toMatchObject({ exitCode: 0 });
    // Helm leaves hooks where they are; the scheduled Job goes with its CronJob, a little later.
    const left = await waitFor(
      "the end of all but hooks",
      async () => {
        const there = (await release.namespace.everything()).filter((object) => !before.includes(object));
        return there.length === 3 && there;
      },
      { milliseconds: 30_000 },
    );
    expect(left.sort()).toEqual([
      `job.batch/${fullname}-register`,
      expect.stringMatching(`^pod/${fullname}-register-[a-z0-9]{5}$`),
      `pod/${fullname}-verify`,
    ]);
  });

  test("a rollback with hooks.rollback makes the old definition current at once", async () => {
    await using release = await createRelease(major);
    const hooks = { rollback: true };
    await release.install({ appVersion: "2026.3.4", hooks });
    await release.upgrade({ appVersion: "2026.3.5", hooks });
    expect(release.currentVersion()).toBe("2026.3.5");
    const rolledBack = await release.run("rollback", "1");
    expect(rolledBack, rolledBack.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.4-r1");
    expect(await release.recorded("rollback")).toMatchObject({ state: "registered" });
  });

  test("enabled: false installs nothing", async () => {
    await using release = await createRelease(major);
    expect(await release.install({ enabled: false })).toMatchObject({ exitCode: 0 });
    const ours = (await release.namespace.everything()).filter((name) => name.includes(fullname));
    expect(ours).toEqual([]);
    expect(release.controlPlane.plane.calls).toEqual([]);
  });
});
