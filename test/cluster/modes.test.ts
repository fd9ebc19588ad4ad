import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dataplane, helms, type Values } from "../chart/helm.ts";
import { createRelease, fullname, imageValues, type Release } from "./release.ts";

const parentVersion: string = parse(readFileSync(join(dataplane, "Chart.yaml"), "utf8")).appVersion;
const extraObjects = readFileSync(join(import.meta.dirname, "../../examples/values.extra-objects.yaml"), "utf8");

/** What a data plane that works has set. */
function parentValues({ controlPlane: { plane, clientId } }: Release): Values {
  return {
    global: { CLUSTER_NAME: "test", ORG_NAME: "acme", AUTH_CLIENT_ID: clientId },
    config: { union: { connection: { host: plane.url } } },
    // The Secret is there already, with the secret of this test's control plane.
    secrets: { admin: { create: false } },
  };
}

/** What a check ends with: all is sound but the address of buildkit, which the stand-in for the data plane leaves empty. */
const onlyBuildkit = /ERROR buildkit-address-malformed\n.*\n1 problem, 0 warnings; \d+ passed, 1 skipped$/s;

async function createParent(major: 3 | 4): Promise<Release> {
  const release = await createRelease(major, { chart: dataplane });
  await release.namespace.kubectl("delete", "configmap", "build-image-config");
  return release;
}

/** The example with the image and the CA of the tests. */
function adaptedExtraObjects(): Values {
  const { registry, repository, tag } = imageValues();
  const text = extraObjects
    .replace(/image: \S+\/image-builder-registrar:\S+/, `image: ${registry}/${repository}:${tag}`)
    .replace(/^( +)auth:$/m, "$1caFile: /etc/registrar-ca/ca.crt\n$&")
    .replace(/^( +)volumeMounts:$/m, "$&\n$1  - {name: ca, mountPath: /etc/registrar-ca}")
    .replace(/^( +)volumes:$/m, "$&\n$1  - {name: ca, configMap: {name: ca}}");
  return parse(text, { merge: true });
}

describe.each(helms)("Helm %i, in a data plane's chart", (major) => {
  test("embedded by one line, the parent's appVersion is registered, and disabled nothing of ours is there", async () => {
    await using release = await createParent(major);
    const sound = parentValues(release);
    const ours = { enabled: true, image: imageValues(), caBundle: { configMap: "ca" } };
    const installed = await release.install({ ...sound, imageBuilderRegistrar: ours });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe(parentVersion);
    expect(await release.recorded("install")).toMatchObject({ state: "registered", codes: [] });
    expect((await release.runCheck()).log).toMatch(onlyBuildkit);

    await release.upgrade({ ...sound, imageBuilderRegistrar: { ...ours, enabled: false } });
    const left = (await release.namespace.everything()).filter((name) => name.includes("image-builder-registrar"));
    // Only what a hook has left: the Job with its pod.
    expect(left.map((name) => name.replace(/-[a-z0-9]{5}$/, "")).sort()).toEqual([
      `job.batch/${fullname}-register`,
      `pod/${fullname}-register`,
    ]);
  });

  test("as extraObjects, the same is registered", async () => {
    await using release = await createParent(major);
    const installed = await release.install({ ...parentValues(release), ...adaptedExtraObjects() });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe(parentVersion);
    expect(await release.recorded("install")).toMatchObject({ state: "registered", codes: [] });
    expect(await release.runSchedule()).toContain("up-to-date");
    expect((await release.runCheck()).log).toMatch(onlyBuildkit);
  });
});

describe.each(helms)("what Helm %i renders, applied by kubectl", (major) => {
  test("registers once, whether applied once or twice, and again where the appVersion changes", async () => {
    await using release = await createRelease(major);
    const { apply: applyText, kubectl, list } = release.namespace;
    const apply = async (appVersion: string) => {
      const rendered = await release.template({ appVersion, hooks: { plain: true } });
      const applied = await applyText(rendered);
      const selector = "--selector=app.kubernetes.io/name=image-builder-registrar";
      await kubectl("wait", "--for=condition=Complete", "job", selector, "--timeout=90s");
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
