import { describe, expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { helms } from "../chart/helm.ts";
import { createRelease, fullname, type Release } from "./release.ts";

/** A run that does not wait long for a control plane that is down. */
const impatient = { timeouts: { controlPlane: "1s" } };
const code = "control-plane-refused";

async function controlPlaneDown({ controlPlane }: Release, isDown: boolean): Promise<void> {
  await controlPlane.plane.setFault(isDown ? { kind: "refused" } : undefined);
}

describe.each(helms)("Helm %i and a control plane that is down", (major) => {
  test("by default: the Helm release is deployed, the warning is everywhere, the schedule repairs it", async () => {
    await using release = await createRelease(major);
    await release.install({ appVersion: "2026.3.4", ...impatient });
    await controlPlaneDown(release, true);

    const upgraded = await release.upgrade({ appVersion: "2026.3.5", ...impatient });
    expect(upgraded, upgraded.stderr).toMatchObject({ exitCode: 0 });
    expect(await release.status()).toBe("deployed");
    expect(upgraded.stdout + upgraded.stderr).toContain(`ERROR ${code}`);
    const warnings = (await release.events()).filter(({ type }) => type === "Warning");
    expect(warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining(`${code}: `));
    expect(warnings.map(({ involvedObject }) => involvedObject.name)).toContain(`${fullname}-register`);
    expect(await release.recorded("upgrade")).toMatchObject({ state: "failed", codes: [code], exitCode: 0 });

    const scheduled = await release.runJob("");
    expect(scheduled, scheduled.log).toMatchObject({ end: "Failed" });
    expect(await release.recorded("schedule")).toMatchObject({ state: "failed", codes: [code], exitCode: 3 });
    const said = (await release.events()).filter(({ involvedObject }) => involvedObject.name?.startsWith("manual-"));
    expect(said.map(({ message }) => message)).toContainEqual(expect.stringContaining("Start the control plane"));

    await controlPlaneDown(release, false);
    expect(release.currentVersion()).toBe("2026.3.4");
    expect((await release.runJob("")).log).toContain("registered: 2026.3.5 is current");
    expect(release.currentVersion()).toBe("2026.3.5");
  });

  test("with failurePolicy: fail, the Helm release fails and says why, and the next upgrade works", async () => {
    await using release = await createRelease(major);
    const values = { failurePolicy: "fail", ...impatient };
    await release.install({ appVersion: "2026.3.4", ...values });
    await controlPlaneDown(release, true);

    const failed = await release.upgrade({ appVersion: "2026.3.5", ...values });
    expect(failed.exitCode).not.toBe(0);
    expect(failed.stdout + failed.stderr).toContain(`ERROR ${code}`);
    expect(await release.status()).toBe("failed");
    expect(await release.recorded("upgrade")).toMatchObject({ state: "failed", codes: [code], exitCode: 3 });

    await controlPlaneDown(release, false);
    const upgraded = await release.upgrade({ appVersion: "2026.3.5", ...values });
    expect(upgraded, upgraded.stderr).toMatchObject({ exitCode: 0 });
    expect(await release.status()).toBe("deployed");
    expect(release.currentVersion()).toBe("2026.3.5");
  });
});

describe.each(helms)("Helm %i", (major) => {
  test("rolls back to an image that cannot be pulled, and on again", async () => {
    await using release = await createRelease(major);
    await release.install({ appVersion: "2026.3.4" });
    const image = { registry: "localhost", repository: "nowhere", tag: "none" };
    const broken = { image, hooks: { upgrade: false, install: false } };
    expect(await release.upgrade({ appVersion: "2026.3.4", ...broken })).toMatchObject({ exitCode: 0 });
    expect(await release.upgrade({ appVersion: "2026.3.5" })).toMatchObject({ exitCode: 0 });

    const rolledBack = await release.run("rollback", "2");
    expect(rolledBack, rolledBack.stderr).toMatchObject({ exitCode: 0 });
    expect(await release.status()).toBe("deployed");
    expect(await release.upgrade({ appVersion: "2026.3.6" })).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.6");
  });

  test("upgrades while a scheduled pod of the appVersion before hangs, and that pod writes nothing", async () => {
    await using release = await createRelease(major);
    const { plane } = release.controlPlane;
    await release.install({ appVersion: "2026.3.4" });
    await release.upgrade({ appVersion: "2026.3.5", hooks: { upgrade: false } });

    await plane.setFault({ kind: "hang", times: 1 });
    const before = plane.calls.length;
    const scheduled = release.runJob("");
    await waitFor("the scheduled pod's first request", () => plane.calls.length > before, { milliseconds: 60_000 });
    expect(await release.upgrade({ appVersion: "2026.3.6" })).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.6");

    const { log } = await scheduled;
    expect(log).toContain("WARNING release-moved-on");
    expect(log).toContain("superseded: 2026.3.5 is no longer installed here; nothing was written");
    expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4", "2026.3.6"]);
  });
});
