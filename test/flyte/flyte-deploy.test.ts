import { create, toJson } from "@bufbuild/protobuf";
import { describe, expect, inject, test } from "vitest";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { differencesBetween } from "../../src/definition/compare.ts";
import { readOwnership } from "../../src/definition/ownership.ts";
import { parseProxy } from "../../src/network/route.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { recordedDeployTask } from "../../testing/control-plane/recorded-spec.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { described } from "../../testing/findings/described.ts";
import { hasIpv6Loopback } from "../../testing/ipv6/ipv6-loopback.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { failureOf, methods, targetOf } from "../control-plane/sessions.ts";
import { definitionOf, openWorkshop, sourceOf, version } from "./deploys.ts";

const command = inject("flyteCommand");

/** A pod template with everything in it that the settings can say. */
const podTemplate = {
  labels: { team: "platform", "example.com/quoted": `"'\\` },
  annotations: { "sidecar.istio.io/inject": "false" },
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  tolerations: [{ key: "builds", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 30 }],
  resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi", "ephemeral-storage": "20Gi" } },
  serviceAccountName: "image-builder",
  imagePullSecrets: [{ name: "mirror" }, { name: "other" }],
  env: [
    { name: "TZ", value: "UTC" },
    { name: "TEXT", value: "é $(X) {{.y}} \n'\"\\" },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "tokens", key: "build", optional: true } } },
    { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ],
};

function storedSpec(plane: ControlPlane): TaskSpec {
  const [stored, ...more] = plane.registrations();
  if (!stored || more.length > 0) throw new Error(`${plane.registrations().length} registrations are stored`);
  expect(stored).toMatchObject({ project: "system", domain: "production", name: "build-image", version });
  return stored.spec;
}

describe.concurrent("what the real flyte CLI registers", () => {
  test("for the default settings is what the documented procedure registers, cache key included", async () => {
    await using plane = await startControlPlane();
    await using workshop = await openWorkshop();
    const definition = definitionOf();
    expect(await workshop.deploy({ command, target: targetOf(plane) })).toBe("registered");
    expect(methods(plane)).toEqual(["TaskService/DeployTask"]);
    const spec = storedSpec(plane);
    const recorded = recordedDeployTask(version).spec ?? create(TaskSpecSchema);
    expect(differencesBetween(definition.spec, spec)).toEqual([]);
    expect(differencesBetween(recorded, spec)).toEqual([]);
    expect(spec.taskTemplate?.metadata?.discoveryVersion).toBe(recorded.taskTemplate?.metadata?.discoveryVersion);
    expect(JSON.stringify(toJson(TaskSpecSchema, spec))).not.toContain("_F_SYS_PATH");
    const target = spec.taskTemplate?.target;
    const annotations = target?.case === "k8sPod" ? (target.value.metadata?.annotations ?? {}) : {};
    expect(readOwnership(annotations)).toEqual(definition.ownership);
    expect(await workshop.leftovers()).toEqual([]);
  });

  test("for a pod template with everything in it is what the settings say", async () => {
    await using plane = await startControlPlane();
    await using workshop = await openWorkshop();
    const task = { podTemplate, configMapName: "other-config", imageNamePrefix: "registry.example.com/a", logLevel: 2 };
    const definition = definitionOf(task);
    await workshop.deploy({ command, target: targetOf(plane), source: sourceOf(definition) });
    expect(differencesBetween(definition.spec, storedSpec(plane))).toEqual([]);
  });

  test("goes over TLS with a private CA and a client secret, through a proxy with a password", async () => {
    const authority = await createAuthority("test CA");
    const tls = await authority.issue();
    const client = { clientId: "registrar", clientSecret: "canary:secret +%/é&=" };
    const oauth = { ...client, product: "zitadel", tls, audience: "https://flyte" } as const;
    await using plane = await startControlPlane({ tls, oauth });
    await using proxy = await startProxy({ username: "us er", password: "p@ss:word" });
    const proxyUrl = new URL(proxy.url);
    proxyUrl.username = "us er";
    proxyUrl.password = encodeURIComponent("p@ss:word");
    await using workshop = await openWorkshop();
    const target = targetOf(plane, {
      credentials: { type: "clientSecret", ...client },
      certificateAuthorities: authority.certificatePem,
      proxy: parseProxy(proxyUrl.href),
    });
    expect(await workshop.deploy({ command, target })).toBe("registered");
    storedSpec(plane);
    expect(plane.calls.at(-1)).toEqual({
      method: "TaskService/DeployTask",
      endpoint: "control-plane",
      identity: client.clientId,
      httpVersion: "2.0",
    });
    const hosts = [plane.url, plane.tokenUrl ?? ""].map((url) => new URL(url).host);
    expect(new Set(proxy.connections)).toEqual(new Set(hosts));
    expect(workshop.output.join()).not.toContain("canary");
  });
});

describe.concurrent("the real flyte CLI", () => {
  test("does not go through the proxy to a host of noProxy", async () => {
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await using proxy = await startProxy({ refuse: "squid-denied" });
    await using workshop = await openWorkshop();
    const proxied = { proxy: parseProxy(proxy.url), noProxy: "elsewhere,localhost" };
    const target = targetOf(plane, { certificateAuthorities: authority.certificatePem, ...proxied });
    await workshop.deploy({ command, target });
    expect(proxy.connections).toEqual([]);
  });

  test("connects through a proxy on an IPv6 address", async ({ skip }) => {
    skip(!hasIpv6Loopback(), "this machine has no ::1");
    const authority = await createAuthority("test CA");
    await using plane = await startControlPlane({ tls: await authority.issue() });
    await using proxy = await startProxy({ address: "::1" });
    await using workshop = await openWorkshop();
    const proxied = { proxy: parseProxy(proxy.url), certificateAuthorities: authority.certificatePem };
    await workshop.deploy({ command, target: targetOf(plane, proxied) });
    storedSpec(plane);
    expect(new Set(proxy.connections)).toEqual(new Set([new URL(plane.url).host]));
  });

  test("finds a version that the server refuses to replace already there", async () => {
    await using plane = await startControlPlane({ existing: "refuse" });
    const before = plane.store({ version });
    await using workshop = await openWorkshop();
    expect(await workshop.deploy({ command, target: targetOf(plane) })).toBe("already there");
    expect(plane.registrations()).toEqual([before]);
  });

  test("does not listen to our environment, where that would steer it", async () => {
    await using plane = await startControlPlane();
    await using elsewhere = await startControlPlane();
    const steering = {
      FLYTE_ENDPOINT: `dns:///${new URL(elsewhere.url).host}`,
      FLYTE_API_KEY: btoa("elsewhere:id:secret:org"),
      FLYTE_PROJECT: "elsewhere",
      APP_VERSION: "elsewhere",
      PYTHONPATH: "/nowhere",
    };
    await using workshop = await openWorkshop({ environment: { ...process.env, ...steering } });
    await workshop.deploy({ command, target: targetOf(plane) });
    storedSpec(plane);
    expect(elsewhere.calls).toEqual([]);
  });
});

describe.concurrent("a failure of the real flyte CLI", () => {
  test("for want of the project is the project's", async () => {
    await using plane = await startControlPlane({ projects: [] });
    await using workshop = await openWorkshop();
    const error = await failureOf(workshop.deploy({ command, target: targetOf(plane) }));
    expect(error).toMatchObject({ code: "project-missing", finding: { why: 'project "system" not found' } });
    expect(await workshop.leftovers()).toEqual([]);
  });

  test("to get past a WAF is no verdict on its rights", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "gateway", gateway: "alb-waf" });
    await using workshop = await openWorkshop();
    const error = await failureOf(workshop.deploy({ command, target: targetOf(plane) }));
    expect(error).toMatchObject({ code: "gateway-answered", finding: { why: "Forbidden" } });
  });

  test("to reach anybody is what the network says", async () => {
    const plane = await startControlPlane();
    await plane.stop();
    await using workshop = await openWorkshop();
    const error = await failureOf(workshop.deploy({ command, target: targetOf(plane) }));
    expect(error).toMatchObject({ code: "control-plane-refused", transient: true });
  });

  test("to trust the control plane is the certificate's", async () => {
    const authority = await createAuthority("test CA");
    const notBefore = new Date(Date.now() + 3_600_000);
    await using plane = await startControlPlane({ tls: await authority.issue({ notBefore }) });
    await using workshop = await openWorkshop();
    const target = targetOf(plane, { certificateAuthorities: authority.certificatePem });
    expect(await failureOf(workshop.deploy({ command, target }))).toMatchObject({ code: "tls-not-valid-now" });
  });

  test("to get an answer is a timeout, after which nothing is left", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    await using workshop = await openWorkshop();
    const error = await failureOf(workshop.deploy({ command, target: targetOf(plane), timeoutMilliseconds: 1_000 }));
    expect(error).toMatchObject({ code: "flyte-timeout", transient: true });
    expect(described(error).what).toContain("within 1 s");
    expect(await workshop.leftovers()).toEqual([]);
  });

  // The imported `expect` does not know this test once another one has ended meanwhile.
  test("because the run is ended while it waits leaves nothing", async ({ expect }) => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "hang" });
    const ending = new AbortController();
    const reason = new Error("ended by SIGTERM");
    await using workshop = await openWorkshop({ signal: ending.signal });
    const deploying = workshop.deploy({ command, target: targetOf(plane) });
    await expect.poll(() => plane.calls.length, { timeout: 30_000 }).toBe(1);
    ending.abort(reason);
    await expect(deploying).rejects.toBe(reason);
    expect(await workshop.leftovers()).toEqual([]);
  });
});
