import { describe, expect, it } from "vitest";
import { chart, helms, leastValues, rendered, settingsOf, withValues } from "./helm.ts";

describe.each(helms)("the settings file, read by the program itself, under Helm %i", (major) => {
  const settings = async (values = {}) => settingsOf(await rendered(major, chart, withValues(leastValues, values)));

  it("says what the values say", async () => {
    expect(await settings()).toMatchObject({
      appVersion: "2026.8.3",
      release: { cluster: "prod-us", namespace: "union", name: "reg" },
      controlPlane: {
        endpoint: "dns:///cp.example.com",
        org: "acme",
        insecure: false,
        auth: {
          type: "clientSecret",
          clientId: "dataplane-operator",
          clientSecretFile: "/etc/registrar-auth/client_secret",
        },
      },
      task: { configMapName: "build-image-config" },
      policy: {
        role: "owner",
        failure: "warn",
        whenNewer: "keep",
        ensureProject: true,
        force: false,
        lookAgainAfter: 3_600_000,
      },
      timeouts: { total: 240_000 },
      cluster: {
        enabled: true,
        statusConfigMap: "image-builder-registrar-status",
        settingsConfigMap: "reg-image-builder-registrar",
      },
    });
  });

  it("lets each scheduled run ask, if that is wanted", async () => {
    expect((await settings({ cronJob: { lookAgainAfter: "" } })).policy).not.toHaveProperty("lookAgainAfter");
  });

  it("ends the program before Kubernetes would", async () => {
    expect((await settings({ activeDeadlineSeconds: 100 })).timeouts.total).toBe(70_000);
  });

  it("takes the appVersion from a running data plane", async () => {
    const { appVersion, appVersionFrom } = await settings({ appVersion: "" });
    expect([appVersion, appVersionFrom]).toEqual([undefined, "deployment/union-operator"]);
    const named = await settings({ appVersion: "", appVersionFrom: "deployment/operator" });
    expect(named.appVersionFrom).toBe("deployment/operator");
  });

  it("keeps text text, whatever it looks like", async () => {
    const texts = ["2026.10", "0x1F", "1e3", "007"];
    for (const appVersion of texts) expect((await settings({ appVersion })).appVersion).toBe(appVersion);
    expect((await settings({ clusterName: "true" })).release.cluster).toBe("true");
  });

  it("renders templates in values", async () => {
    const { release, task } = await settings({
      clusterName: "{{ .Release.Namespace }}-cluster",
      task: { imageNamePrefix: "{{ .Values.image.registry }}/mirror" },
    });
    expect(release.cluster).toBe("union-cluster");
    expect(task.imageNamePrefix).toBe("registry.example.com/union/mirror");
  });

  it("passes everything about the task on", async () => {
    const task = {
      domain: "staging",
      logLevel: 4,
      images: { buildImage: "mirror.example.com/build:1" },
      podTemplate: { tolerations: [{ key: "builds", operator: "Exists" }], imagePullSecrets: [{ name: "mirror" }] },
    };
    expect((await settings({ task })).task).toMatchObject(task);
  });

  it.each([
    [{ type: "none", clientId: "" }, { type: "none" }],
    [
      { type: "apiKey", clientId: "", existingSecret: "key" },
      { type: "apiKey", apiKeyFile: "/etc/registrar-auth/api_key" },
    ],
    [
      { existingSecretKey: "password" },
      {
        type: "clientSecret",
        clientId: "dataplane-operator",
        clientSecretFile: "/etc/registrar-auth/password",
      },
    ],
  ])("logs in as %j says", async (auth, expected) => {
    expect((await settings({ auth })).controlPlane.auth).toEqual(expected);
  });

  it("names CAs and proxy", async () => {
    const { controlPlane } = await settings({
      caBundle: { secret: "company-ca", key: "bundle.pem" },
      proxy: { url: "http://proxy:3128", noProxy: ".svc" },
    });
    expect(controlPlane).toMatchObject({
      caFile: "/etc/registrar-ca/bundle.pem",
      proxy: "http://proxy:3128",
      noProxy: ".svc",
    });
  });
});
