import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/findings/catalog/code-entry.ts";
import {
  all,
  chart,
  cronJob,
  helms,
  leastValues,
  one,
  podOf,
  rendered,
  scheduledPod,
  version,
  withValues,
} from "./helm.ts";

describe.each(helms)("the chart installed alone, under Helm %i", (major) => {
  const render = (values = {}, flags: string[] = []) => rendered(major, chart, withValues(leastValues, values), flags);

  it("renders everything by default, all in the release's namespace", async () => {
    const objects = await render();
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      "ConfigMap image-builder-registrar-status",
      "ConfigMap reg-image-builder-registrar",
      "CronJob reg-image-builder-registrar",
      "CronJob reg-image-builder-registrar-build",
      "CronJob reg-image-builder-registrar-check",
      "CronJob reg-image-builder-registrar-register",
      "CronJob reg-image-builder-registrar-register-force",
      "Job reg-image-builder-registrar-register",
      "Pod reg-image-builder-registrar-verify",
      "Role reg-image-builder-registrar",
      "RoleBinding reg-image-builder-registrar",
      "ServiceAccount reg-image-builder-registrar",
    ]);
    expect(new Set(objects.map(({ metadata }) => "namespace" in metadata && metadata.namespace))).toEqual(
      new Set(["union"]),
    );
  });

  it("renders nothing where it is switched off", async () => {
    expect(await render({ enabled: false })).toEqual([]);
  });

  it("makes only the Job and the test Pod hooks, so that a rollback restores the rest", async () => {
    const hooks = (await render()).filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"]);
    expect(hooks.map(({ kind, metadata }) => [kind, metadata.annotations])).toEqual([
      ["Pod", { "helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation" }],
      [
        "Job",
        {
          "helm.sh/hook": "post-install,post-upgrade",
          "helm.sh/hook-weight": "10",
          "helm.sh/hook-delete-policy": "before-hook-creation",
          "helm.sh/hook-output-log-policy": "hook-succeeded,hook-failed",
        },
      ],
    ]);
  });

  it("tells the program why it runs", async () => {
    const trigger = (spec: ReturnType<typeof podOf>) =>
      spec.containers[0]?.env?.find(({ name }) => name === "REGISTRAR_TRIGGER")?.value;
    const installed = await render();
    expect(trigger(podOf(one(installed, "Job")))).toBe("install");
    expect(trigger(scheduledPod(installed))).toBe("schedule");
    expect(one(installed, "Pod").spec?.containers[0]?.args?.[0]).toBe("verify");
    expect(trigger(podOf(one(await render({}, ["--is-upgrade"]), "Job")))).toBe("upgrade");
  });

  it.each([
    [{ install: false }, "post-upgrade"],
    [{ upgrade: false }, "post-install"],
  ])("hooks only where asked: %j", async (hooks, expected) => {
    expect(one(await render({ hooks }), "Job").metadata?.annotations?.["helm.sh/hook"]).toBe(expected);
  });

  it("renders no Job without hooks, and no test Pod without test", async () => {
    const objects = await render({ hooks: { install: false, upgrade: false, test: false } });
    expect([...all(objects, "Job"), ...all(objects, "Pod")]).toEqual([]);
    expect(all(objects, "CronJob")).toHaveLength(5);
  });

  it("never fails a rollback by the program's own word", async () => {
    const job = one(await render({ failurePolicy: "fail", hooks: { rollback: true } }), "Job", "-rollback");
    expect(job.metadata?.annotations?.["helm.sh/hook"]).toBe("post-rollback");
    expect(podOf(job).containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: "REGISTRAR_TRIGGER", value: "rollback" },
        { name: "REGISTRAR_POLICY_FAILURE", value: "warn" },
      ]),
    );
  });

  it("gives each pod what restricted pod security asks for", async () => {
    const objects = await render({ hooks: { rollback: true } });
    const ofCronJobs = all(objects, "CronJob").map(({ spec }) => podOf(spec?.jobTemplate));
    const pods = [...all(objects, "Job").map(podOf), ...ofCronJobs, one(objects, "Pod").spec];
    expect(pods).toHaveLength(8);
    for (const pod of pods) {
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(pod?.containers.map(({ securityContext }) => securityContext)).toEqual([
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      ]);
      const kinds = pod?.volumes?.map(({ name, ...source }) => Object.keys(source)[0]);
      expect(new Set(kinds)).toEqual(new Set(["configMap", "emptyDir", "secret"]));
      expect(pod?.enableServiceLinks).toBe(false);
    }
  });

  it("leaves the user to the image, so that OpenShift can assign another", async () => {
    expect(scheduledPod(await render()).securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("lets the Jobs of scheduled runs fail by default, and those of hooks warn", async () => {
    const policyOf = (spec: ReturnType<typeof podOf>) =>
      spec.containers[0]?.env?.find(({ name }) => name === "REGISTRAR_POLICY_FAILURE")?.value;
    const policies = async (values: object) => {
      const objects = await render(values);
      const manual = cronJob(objects, "register").spec?.jobTemplate;
      return [policyOf(podOf(one(objects, "Job"))), policyOf(scheduledPod(objects)), policyOf(podOf(manual))];
    };
    expect(await policies({})).toEqual(["warn", "fail", "fail"]);
    expect(await policies({ failurePolicy: "fail", cronJob: { failurePolicy: "warn" } })).toEqual([
      "fail",
      "warn",
      "fail",
    ]);
  });

  it("repeats a pod that was killed, and not a run that ended by itself", async () => {
    const spec = one(await render(), "Job").spec;
    expect(spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 270 });
    expect(spec?.template.spec?.restartPolicy).toBe("Never");
    expect(spec?.podFailurePolicy?.rules.map(({ action }) => action)).toEqual(["Ignore", "FailJob"]);
    const { failed, usage, controlPlane, warnings, deadline } = exitCodes;
    const ended = [failed, usage, controlPlane, warnings, deadline];
    expect(spec?.podFailurePolicy?.rules[1]?.onExitCodes?.values).toEqual(ended);
    expect(spec).not.toHaveProperty("ttlSecondsAfterFinished");
  });

  it("keeps the pod's start from hanging on a missing Secret or bundle", async () => {
    const { volumes } = scheduledPod(await render({ caBundle: { configMap: "company-ca" } }));
    expect(volumes).toContainEqual({
      name: "ca-bundle",
      configMap: { name: "company-ca", items: [{ key: "ca.crt", path: "ca.crt" }], optional: true },
    });
    expect(volumes).toContainEqual({
      name: "credential",
      secret: {
        secretName: "union-secret-auth",
        items: [{ key: "client_secret", path: "client_secret" }],
        optional: true,
      },
    });
  });

  it("allows what the program does and nothing else", async () => {
    const { rules } = one(await render({ check: { enabled: false } }), "Role");
    expect(rules).toEqual([
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["reg-image-builder-registrar"],
        verbs: ["get"],
      },
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["image-builder-registrar-status"],
        verbs: ["get", "patch"],
      },
      { apiGroups: [""], resources: ["events"], verbs: ["create"] },
    ]);
    const beside = { appVersion: "", check: { enabled: false } };
    expect(one(await render(beside), "Role").rules?.at(-1)).toEqual({
      apiGroups: ["apps"],
      resources: ["deployments"],
      resourceNames: ["union-operator"],
      verbs: ["get"],
    });
  });

  it("leaves the status to the program, so that an upgrade does not wipe it", async () => {
    expect(one(await render(), "ConfigMap", "-status")).not.toHaveProperty("data");
  });

  it("keeps names within what a CronJob allows", async () => {
    const name = "a".repeat(52);
    const objects = await render({ fullnameOverride: "a".repeat(60), hooks: { rollback: true } });
    expect(cronJob(objects, "scheduled").metadata?.name).toBe(name);
    expect(cronJob(objects, "check").metadata?.name).toBe(`${"a".repeat(46)}-check`);
    expect(cronJob(objects, "build").metadata?.name).toBe(`${"a".repeat(46)}-build`);
    expect(cronJob(objects, "register").metadata?.name).toBe(`${"a".repeat(43)}-register`);
    expect(cronJob(objects, "force").metadata?.name).toBe(`${"a".repeat(37)}-register-force`);
    expect(all(objects, "Job").map(({ metadata }) => metadata?.name)).toEqual([`${name}-register`, `${name}-rollback`]);
  });

  it("labels all objects and pods as asked, and selects by its own labels alone", async () => {
    const commonLabels = { team: "platform", tier: "low", "app.kubernetes.io/instance": "other" };
    const values = {
      commonLabels,
      podLabels: { tier: "high" },
      networkPolicy: { enabled: true },
      hooks: { rollback: true },
    };
    const check = { buildNamespaces: ["builds"], buildNamespaceSelector: "team=builds" };
    const objects = await render({ ...values, check });
    for (const { kind, metadata } of objects)
      expect(metadata, `${kind} ${metadata.name}`).toMatchObject({
        labels: { team: "platform", "app.kubernetes.io/instance": "reg" },
      });
    const jobs = all(objects, "CronJob").map(({ spec }) => spec?.jobTemplate);
    for (const job of jobs) expect(job?.metadata?.labels).toMatchObject({ team: "platform", tier: "low" });
    const templates = [...jobs, ...all(objects, "Job")].map((job) => job?.spec?.template.metadata?.labels);
    const own = { "app.kubernetes.io/name": "image-builder-registrar", "app.kubernetes.io/instance": "reg" };
    for (const labels of [...templates, one(objects, "Pod").metadata?.labels])
      expect(labels).toEqual({ team: "platform", tier: "high", ...own });
    expect(one(objects, "NetworkPolicy").spec?.podSelector).toEqual({ matchLabels: own });
  });

  it("names objects and itself by nameOverride, but objects by fullnameOverride", async () => {
    const labelled = (name: string) => ({ name, labels: { "app.kubernetes.io/name": "builds" } });
    const metadataOf = async (values: object) => cronJob(await render(values), "scheduled").metadata;
    expect(await metadataOf({ nameOverride: "builds" })).toMatchObject(labelled("reg-builds"));
    expect(await metadataOf({ nameOverride: "builds", fullnameOverride: "own" })).toMatchObject(labelled("own"));
    // The Helm release is called reg.
    expect((await metadataOf({ nameOverride: "re" }))?.name).toBe("reg");
  });

  it("gives its arguments to every command, and those of check to check", async () => {
    const extraArgs = ["--output=json", "--control-plane-org={{ .Release.Name }}"];
    const check = { extraArgs: ["--skip=tls-expires-soon"] };
    const objects = await render({ extraArgs, check, hooks: { rollback: true } });
    const cronJobs = all(objects, "CronJob").map(({ spec }) => podOf(spec?.jobTemplate));
    const pods = [...all(objects, "Job").map(podOf), ...cronJobs, one(objects, "Pod").spec];
    const given = ["--config", "/etc/registrar/registrar.yaml", "--output=json", "--control-plane-org=reg"];
    expect(pods.map((pod) => pod?.containers[0]?.args)).toEqual(
      expect.arrayContaining(
        [["register"], ["register", "--force"], ["verify"], ["verify", "--build"]].map((args) => [...args, ...given]),
      ),
    );
    const ofCheck = podOf(cronJob(objects, "check").spec?.jobTemplate).containers[0]?.args;
    expect(ofCheck).toEqual(["check", ...given, ...check.extraArgs]);
    expect(pods.filter((pod) => pod?.containers[0]?.args?.some((arg) => arg.startsWith("--skip")))).toHaveLength(1);
  });

  it("resolves names and runs as asked", async () => {
    const pod = { dnsPolicy: "None", dnsConfig: { nameservers: ["10.0.0.2"] }, runtimeClassName: "gvisor" };
    expect(scheduledPod(await render(pod))).toMatchObject(pod);
    const usual = scheduledPod(await render());
    for (const key of Object.keys(pod)) expect(usual).not.toHaveProperty(key);
  });

  it("renders extra objects, given as mappings or as texts, as templates", async () => {
    const mapping = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "{{ .Release.Name }}-one" },
      data: { n: "1" },
    };
    const text = `{{- range list "two" "three" }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ $.Release.Name }}-{{ . }}", labels: {cluster: {{ $.Values.clusterName }}}}
{{- end }}
{{- if not .Values.enabled }}
---
kind: Never
{{- end }}`;
    const objects = await render({ extraObjects: [mapping, text] });
    expect(objects.slice(-3).length + (await render()).length).toBe(objects.length);
    expect(one(objects, "ConfigMap", "reg-one")).toEqual({ ...mapping, metadata: { name: "reg-one" } });
    for (const name of ["reg-two", "reg-three"])
      expect(one(objects, "ConfigMap", name).metadata).toEqual({ name, labels: { cluster: "prod-us" } });
  });

  const digest = `sha256:${"0".repeat(64)}`;
  it.each([
    [{}, {}, `registry.example.com/union/image-builder-registrar:${version}`],
    [{ digest }, {}, `registry.example.com/union/image-builder-registrar:${version}@${digest}`],
    [{ registry: "", repository: "ghcr.io/acme/registrar" }, {}, `ghcr.io/acme/registrar:${version}`],
    [{ registry: "", repository: "localhost/registrar" }, {}, `localhost/registrar:${version}`],
    [{ registry: "", repository: "registry:5000/registrar" }, {}, `registry:5000/registrar:${version}`],
    [
      { registry: "" },
      { imageRegistry: "global.example.com" },
      `global.example.com/image-builder-registrar:${version}`,
    ],
    [
      { registry: "", repository: "acme/registrar" },
      { imageRegistry: "g.example.com" },
      `g.example.com/acme/registrar:${version}`,
    ],
    [
      { registry: "", repository: "ghcr.io/registrar" },
      { imageRegistry: "g.example.com" },
      `ghcr.io/registrar:${version}`,
    ],
    [{}, { imageRegistry: "global.example.com" }, `registry.example.com/union/image-builder-registrar:${version}`],
    [{ registry: "", defaultRegistry: "ghcr.io/acme" }, {}, `ghcr.io/acme/image-builder-registrar:${version}`],
    [{ defaultRegistry: "ghcr.io/acme" }, {}, `registry.example.com/union/image-builder-registrar:${version}`],
    [
      { registry: "", defaultRegistry: "ghcr.io", repository: "acme/registrar" },
      { imageRegistry: "g.example.com" },
      `g.example.com/acme/registrar:${version}`,
    ],
    [
      { registry: "", defaultRegistry: "ghcr.io", repository: "other.example.com/registrar" },
      {},
      `other.example.com/registrar:${version}`,
    ],
  ])("names its image by %j and the globals %j", async (image, global, expected) => {
    expect(scheduledPod(await render({ image, global })).containers[0]?.image).toBe(expected);
  });
});
