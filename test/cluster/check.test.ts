import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { createNamespace, type Namespace } from "./namespace.ts";
import { createRelease, fullname, type Release } from "./release.ts";

// What a check finds does not depend on Helm, so one of its versions will do.

const port = 1234;
const labels = { app: "buildkit" };

/** The stand-in buildkit as one file of JavaScript. */
async function bundleStandIn(): Promise<string> {
  const entry = join(import.meta.dirname, "../../testing/buildkit/stand-in/pod.ts");
  const options = { bundle: true, platform: "node", format: "esm", target: "node26", minify: true } as const;
  const { outputFiles } = await build({ entryPoints: [entry], write: false, ...options });
  return outputFiles[0]?.text ?? "";
}

/**
 * What answers as buildkit does, in the way the data plane's chart puts it there. @returns the chart's values to find it, and the
 * registry of the ConfigMap: the test cluster has no DNS
 */
async function startBuildkit({ create, kubectl }: Namespace) {
  const metadata = { name: "buildkit" };
  await create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "buildkit.mjs": await bundleStandIn() } });
  const container = {
    name: "buildkit",
    image: process.env["REGISTRAR_IMAGE"],
    command: ["node", "/stand-in/buildkit.mjs"],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    volumeMounts: [{ name: "stand-in", mountPath: "/stand-in" }],
  };
  const volumes = [{ name: "stand-in", configMap: metadata }];
  const podSpec = { terminationGracePeriodSeconds: 1, containers: [container], volumes };
  const template = { metadata: { labels }, spec: podSpec };
  await create({ apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ port }] } });
  const spec = { selector: { matchLabels: labels }, template };
  await create({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec });
  await kubectl("rollout", "status", "deployment/buildkit", "--timeout=60s");
  const ip = await kubectl("get", "service/buildkit", "--output=jsonpath={.spec.clusterIP}");
  return { hostAliases: [{ ip, hostnames: ["buildkit", "registry.example.com"] }] };
}

async function scaleToZero({ kubectl, list }: Namespace): Promise<void> {
  await kubectl("scale", "deployment/buildkit", "--replicas=0");
  await waitFor(
    "the end of buildkit's pods",
    async () => {
      const slices = await list("endpointslices");
      const pods = (await list("pods")).filter(({ metadata }) => metadata?.labels?.["app"] === labels.app);
      return slices.every(({ endpoints }) => (endpoints ?? []).length === 0) && pods.length === 0;
    },
    { milliseconds: 60_000 },
  );
}

/** The codes of all findings in a log, in their order. */
const codesIn = (log: string) => [...log.matchAll(/(?:ERROR|WARNING) ([a-z-]+)/g)].map(([, code]) => code);

async function installed(release: Release, values: object) {
  const { exitCode, stderr } = await release.install({ ...(await startBuildkit(release.namespace)), ...values });
  expect(exitCode, stderr).toBe(0);
}

test("a check run manually passes a sound data plane, and tells what is broken in it", async () => {
  await using release = await createRelease(4);
  const { namespace } = release;
  await installed(release, {});
  const before = await namespace.list("jobs");

  const sound = await release.runJob("-check");
  expect(sound, sound.log).toMatchObject({ end: "Complete" });
  expect(sound.log).toMatch(/^0 problems, 0 warnings; \d+ passed, \d+ skipped$/m);
  expect(sound.log).toContain("it accepts connections: buildkit:1234");
  expect(sound.log).toMatch(/buildkit can pull them: \S+\/union\/frontend-v2:2026\.3\.4$/m);
  expect(sound.log).toMatch(
    /their registries have them: \S+\/union\/build-image:2026\.3\.4; \S+\/union\/frontend-v2:2026\.3\.4$/m,
  );
  expect(sound.terminationMessage).toMatch(/^0 problems, 0 warnings/);
  expect(await release.recorded("manual"), "a check writes nothing").toBeUndefined();

  await scaleToZero(namespace);
  const scaled = await release.runJob("-check");
  expect(scaled, scaled.log).toMatchObject({ end: "Failed" });
  expect(codesIn(scaled.log)).toEqual(["buildkit-scaled-to-zero"]);
  expect(scaled.log).toMatch(/^1 problem, 0 warnings; /m);
  expect(scaled.terminationMessage).toMatch(/^1 problem, .*\nERROR buildkit-scaled-to-zero\n {2}what {2}buildkit at /);
  expect(scaled.terminationMessage).toContain("  fix   Scale ");

  await namespace.kubectl("delete", "configmap", "build-image-config");
  const missing = await release.runJob("-check");
  expect(missing, missing.log).toMatchObject({ end: "Failed" });
  expect(codesIn(missing.log)).toEqual(["build-config-missing"]);
  expect(missing.log).toContain("skipped connection   data-plane/config-map failed");
  expect(missing.terminationMessage).toContain("ERROR build-config-missing");

  // None of them was tried twice.
  expect(await namespace.list("jobs")).toHaveLength(before.length + 3);
  const pods = await namespace.list("pods");
  expect(pods.filter(({ metadata }) => metadata?.name?.startsWith("manual-"))).toHaveLength(3);
});

test("a check looks into each namespace of builds, by a Role of its own there", async () => {
  await using release = await createRelease(4);
  await using other = await createNamespace();
  await installed(release, { check: { buildNamespaces: [release.namespace.name, other.name] } });

  const { end, log } = await release.runJob("-check");
  expect(end, log).toBe("Failed");
  expect(codesIn(log)).toEqual(["build-config-not-copied"]);
  expect(log).toContain(`ConfigMap ${other.name}/build-image-config does not exist`);
  expect(log).toContain(`their service account exists: ${release.namespace.name}/default`);

  const roles = async () => (await other.list("roles")).map(({ metadata }) => metadata?.name);
  expect(await roles()).toEqual([`${release.namespace.name}-${fullname}`]);
  await release.run("uninstall");
  expect(await roles()).toEqual([]);
});

test("without a Role, a check warns of what it cannot read and finds nothing wrong", async () => {
  await using release = await createRelease(4);
  await installed(release, { rbac: { create: false } });
  const { end, log } = await release.runJob("-check");
  expect(end, log).toBe("Complete");
  expect(codesIn(log)).toEqual(["cluster-unreadable"]);
  expect(log).toMatch(/^0 problems, 1 warning; /m);
  expect(log).toContain("is forbidden");
});
