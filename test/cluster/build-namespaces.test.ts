import { expect, test } from "vitest";
import { createNamespace, type Namespace } from "./namespace.ts";
import { createParent, crossed, expectWell } from "./parent.ts";
import { buildConfig } from "./release.ts";

/** A namespace of a project and domain, with what the operator and the sync of cluster resources create in it. */
async function createBuildNamespace(): Promise<Namespace> {
  const namespace = await createNamespace({ "union.ai/namespace-type": "flyte" });
  const metadata = { name: "builder" };
  await namespace.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await namespace.create({ ...buildConfig, data: { ...buildConfig.data, "buildkit-uri": "" } });
  return namespace;
}

// The label is the data plane's own, so no two data planes of this kind may be there at once.
test("in a data plane of many namespaces, the check names the one in which builds cannot run", async () => {
  for (const [major, form] of crossed) {
    await using parent = await createParent(major, form);
    await using one = await createBuildNamespace();
    await using other = await createBuildNamespace();
    const values = { low_privilege: false, namespaces: { enabled: true } };
    const installed = await parent.install(values, { check: { serviceAccount: "builder" } });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    await expectWell(parent);

    await other.kubectl("delete", "configmap/build-image-config", "serviceaccount/builder");
    const { end, log } = await parent.release.runJob("-check");
    expect(end, log).toBe("Failed");
    expect(log.match(/ERROR .*/g), log).toHaveLength(1);
    expect(log).toMatch(/^1 problem, 0 warnings; /m);
    expect(log).toContain(other.name);
    for (const { kubectl, name } of [one, other]) await kubectl("delete", "namespace", name, "--wait=true");
  }
});
