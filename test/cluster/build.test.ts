import { expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { createRelease, fullname } from "./release.ts";

// A build does not depend on Helm, so one of its versions will do.

test("a build runs from its CronJob and in helm test, and is in the status and in Events", async () => {
  await using release = await createRelease(4);
  const values = { appVersion: "2026.3.4", build: { packages: [] } };
  await release.install(values);
  const built = await release.runJob("-build");
  expect(built, built.log).toMatchObject({ end: "Complete" });
  expect(built.log).toContain("registrar-smoke:");
  expect(await release.recorded("build")).toMatchObject({ command: "verify", state: "built", codes: [], exitCode: 0 });
  expect((await release.events()).map(({ reason }) => reason)).toContain("Built");

  await release.upgrade({ ...values, test: { build: { enabled: true } } });
  const tested = await release.run("test", "--logs");
  expect(tested, tested.stderr).toMatchObject({ exitCode: 0 });
  expect(await release.recorded("test")).toMatchObject({ state: "built" });

  const { builds } = release.controlPlane.plane;
  builds.behave({ end: "never" });
  const before = builds.runs().length;
  await release.namespace.kubectl("create", "job", "deleted", `--from=cronjob/${fullname}-build`);
  await waitFor("the run", async () => builds.runs().length > before || undefined, { milliseconds: 60_000 });
  await release.namespace.kubectl("delete", "job/deleted", "--wait=false");
  const isAborted = async () => builds.runs().at(-1)?.abortReason?.includes("SIGTERM") || undefined;
  await waitFor("the run's abortion, by a pod that is deleted", isAborted, { milliseconds: 60_000 });
});
