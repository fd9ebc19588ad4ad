import { beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { helms } from "../chart/helm.ts";
import { assignedUser, assignUsers, openShiftLabels } from "./arbitrary-user.ts";
import { combinations, createParent, crossed, crossedOver, expectWell } from "./parent.ts";
import { createRelease, fullname } from "./release.ts";

beforeAll(assignUsers);

test.each(combinations)(
  "Helm %i, %s: registers the parent's appVersion, and finds the service account of task pods",
  async (major, form) => {
    await using parent = await createParent(major, form);
    const installed = await parent.install();
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(await expectWell(parent)).toContain(`${parent.release.namespace.name}/union`);
  },
);

test.each(crossed)("Helm %i, %s: registers without authentication over plain HTTP", async (major, form) => {
  await using parent = await createParent(major, form, { isAuthless: true });
  const union = { auth: { enable: false }, connection: { insecure: true } };
  const authless = { config: { union }, secrets: { admin: { enable: false } } };
  const installed = await parent.install(authless, { caBundle: { configMap: "" } });
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  await expectWell(parent);
});

test.each(crossedOver)("Helm %i, %s: runs as the user that OpenShift assigns", async (major, form) => {
  await using parent = await createParent(major, form, { namespaceLabels: openShiftLabels });
  const openShift = { imageBuilder: { buildkit: { openShift: { enabled: true } } } };
  const installed = await parent.install(openShift);
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
  const pods = await parent.release.namespace.list("pods");
  expect(pods.map(({ spec }) => spec?.securityContext?.runAsUser)).toEqual([assignedUser]);
  await expectWell(parent);
});

test.each(helms)("Helm %i, embedded: leaves nothing but what a hook has left where it is disabled", async (major) => {
  await using parent = await createParent(major, "embedded");
  await parent.install();
  const { namespace, upgrade } = parent.release;
  await upgrade({ imageBuilderRegistrar: { enabled: false } }, "--reset-then-reuse-values");
  const left = await waitFor(
    "the end of the CronJobs",
    async () => {
      const ours = (await namespace.everything()).filter((name) => name.includes("image-builder-registrar"));
      return ours.length === 2 && ours;
    },
    { milliseconds: 30_000 },
  );
  expect(left.map((name) => name.replace(/-[a-z0-9]{5}$/, "")).sort()).toEqual([
    `job.batch/${fullname}-register`,
    `pod/${fullname}-register`,
  ]);
});

describe.each(helms)("what Helm %i renders, applied by kubectl", (major) => {
  test("registers once, whether applied once or twice, and again where the appVersion changes", async () => {
    await using release = await createRelease(major);
    const { apply: applyText, kubectl: inNamespace, list } = release.namespace;
    const apply = async (appVersion: string) => {
      const rendered = await release.template({ appVersion, hooks: { plain: true } });
      const applied = await applyText(rendered);
      const selector = "--selector=app.kubernetes.io/name=image-builder-registrar";
      await inNamespace("wait", "--for=condition=Complete", "job", selector, "--timeout=90s");
      return applied.trim().split("\n");
    };
    await apply("2026.3.4");
    expect(release.currentVersion()).toBe("2026.3.4");
    const again = await apply("2026.3.4");
    expect(again.filter((line) => !line.endsWith(" unchanged"))).toEqual([]);
    expect(await list("jobs")).toHaveLength(1);

    await apply("2026.3.5");
    expect(await list("jobs")).toHaveLength(2);
    expect(release.controlPlane.plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4", "2026.3.5"]);
  });
});
