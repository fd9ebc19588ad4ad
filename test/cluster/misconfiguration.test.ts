import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HelmMajor, helms, type Values } from "../chart/helm.ts";
import type { PodControlPlane } from "./control-plane.ts";
import type { HelmRun } from "./helm.ts";
import { createRelease, fullname, type Release, type ReleaseOptions } from "./release.ts";
import { runInShell } from "./shell.ts";

/** A wrong installation, and what the program says of it. */
interface Fault {
  what: string;
  /** The Helms to try it under, where it is of a kind that another fault tries under both. */
  under?: readonly HelmMajor[];
  options?: ReleaseOptions;
  values?: Values;
  code: string;
  /** Something a person can act on. */
  words: string;
  /** What has to be in the object that is named. */
  content?: (controlPlane: PodControlPlane) => string;
}

const faults: readonly Fault[] = [
  {
    what: "a wrong client secret",
    options: { clientSecret: "not-the-right-one" },
    code: "client-refused",
    words: "Put the current client secret into key client_secret of Secret <namespace>/union-secret-auth ",
    content: ({ clientSecret }) => `${clientSecret}\n`,
  },
  {
    what: "a Secret that is not there",
    values: { auth: { existingSecret: "absent" } },
    code: "file-unreadable",
    words: "Create Secret <namespace>/absent with key client_secret ",
    content: ({ clientSecret }) => clientSecret,
  },
  {
    what: "a Secret without the key",
    under: [3],
    values: { auth: { existingSecretKey: "password" } },
    code: "file-unreadable",
    words: "Create Secret <namespace>/union-secret-auth with key password ",
    content: ({ clientSecret }) => clientSecret,
  },
  {
    what: "a ConfigMap that is not there",
    under: [4],
    values: { caBundle: { configMap: "absent" } },
    code: "file-unreadable",
    words: "Create ConfigMap <namespace>/absent with key ca.crt ",
    content: ({ authorityPem }) => authorityPem,
  },
  {
    what: "a memory limit that does not suffice for the flyte CLI",
    under: [3],
    values: { extraEnv: [{ name: "REGISTRAR_TASK_DEPLOY_WITH", value: "flyte" }] },
    code: "memory-too-low",
    words: "Set resources.limits.memory",
  },
];

/** Installations of an image that nobody has. */
const unpullable = new Map<HelmMajor, { release: Release; failing: Promise<HelmRun> }>();

// They fail at the shortest deadline that the chart allows, a minute: all tests of this file run meanwhile, theirs last.
beforeAll(async () => {
  for (const major of helms) {
    const release = await createRelease(major);
    const image = { registry: "localhost", repository: "nowhere", tag: "none" };
    unpullable.set(major, { release, failing: release.install({ image, activeDeadlineSeconds: 60 }) });
  }
});
afterAll(async () => {
  for (const { release } of unpullable.values()) await release[Symbol.asyncDispose]();
});

describe.each(helms)("Helm %i, with", (major) => {
  test.each(faults.filter(({ under = helms }) => under.includes(major)))(
    "$what: deployed, the scheduled Job fails, each text says what to do, and doing that mends it",
    async ({ options = {}, values = {}, code, words, content }) => {
      await using release = await createRelease(major, options);
      const { name } = release.namespace;
      const what = words.replace("<namespace>", name);
      const warned = await release.install(values);
      expect(warned, warned.stderr).toMatchObject({ exitCode: 0 });
      expect(await release.status()).toBe("deployed");
      expect(warned.stdout + warned.stderr).toContain(`ERROR ${code}`);
      expect(warned.stdout + warned.stderr).toContain(what);
      expect(await release.recorded("install")).toMatchObject({ state: "failed", codes: [code], exitCode: 0 });

      const scheduled = await release.runJob("");
      expect(scheduled, scheduled.log).toMatchObject({ end: "Failed" });
      expect(scheduled.log).toContain(what);
      const recorded = await release.recorded("schedule");
      expect(recorded).toMatchObject({ state: "failed", codes: [code], exitCode: expect.any(Number) });
      expect(recorded?.failure?.fix).toContain(what);
      const next = recorded?.failure?.next ?? "";
      expect(next).toMatch(new RegExp(`^kubectl -n ${name} `));
      const said = (await release.events()).map(({ message }) => message);
      expect(said.filter((message) => message?.includes(what) && message.includes(next))).toHaveLength(2);

      const failed = await release.upgrade({ ...values, failurePolicy: "fail" });
      expect(failed.exitCode).not.toBe(0);
      expect(failed.stdout + failed.stderr).toContain(`ERROR ${code}`);
      expect(await release.status()).toBe("failed");
      expect(release.currentVersion()).toBeUndefined();

      if (!content) return;
      // By a pipe, as from a file: what Node gives a child as standard input cannot be opened by its name.
      await runInShell(`cat | { ${next}; }`, { input: content(release.controlPlane) });
      const mended = await release.runJob("");
      expect(mended, mended.log).toMatchObject({ end: "Complete" });
      expect(release.currentVersion()).toBe("2026.3.4");
    },
  );
});

describe.each(helms)("Helm %i, registering in spite of", (major) => {
  test("a Role that allows nothing, with one warning", async () => {
    await using release = await createRelease(major);
    expect(await release.install({ rbac: { create: false } })).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.4");
    const log = await release.namespace.kubectl("logs", `job/${fullname}-register`);
    expect(log.match(/WARNING [a-z-]+/g)).toEqual(["WARNING cluster-not-told"]);
    expect(log).toContain("is forbidden");
  });

  test("pod security that is restricted, and a pull secret that is not there", async () => {
    const namespaceLabels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await using release = await createRelease(major, { namespaceLabels });
    const installed = await release.install({ imagePullSecrets: [{ name: "absent" }] });
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(release.currentVersion()).toBe("2026.3.4");
    expect(await release.run("test")).toMatchObject({ exitCode: 0 });
  });
});

describe.each(helms)("Helm %i and a memory limit that no pod starts with", (major) => {
  test("is refused before anything is changed", async () => {
    await using release = await createRelease(major);
    const refused = await release.install({ resources: { limits: { memory: "20Mi" } } });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("resources.limits.memory is 20Mi; below 64Mi the program is killed");
    expect((await release.namespace.everything()).filter((name) => name.includes(fullname))).toEqual([]);
  });
});

describe.each(helms)("Helm %i and an image that cannot be pulled", (major) => {
  test("the hook fails at its deadline, the pod says why, and the next upgrade works", async () => {
    const begun = unpullable.get(major);
    if (!begun) throw new Error("it was not installed");
    const { release, failing } = begun;
    const failed = await failing;
    expect(failed.exitCode).not.toBe(0);
    expect(await release.status()).toBe("failed");
    const events = await release.namespace.list("events");
    const said = events.map(({ message }) => message);
    expect(said).toContainEqual(expect.stringMatching(/Failed to pull image "localhost\/nowhere:none"/));
    expect(said).toContainEqual("Job was active longer than specified deadline");

    expect(await release.upgrade({})).toMatchObject({ exitCode: 0 });
    expect(await release.status()).toBe("deployed");
    expect(release.currentVersion()).toBe("2026.3.4");
  });
});
