import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { bareDataplane } from "./changed-dataplanes.ts";
import { modes } from "./dataplane-modes.ts";
import { all, dataplane, dataplaneValues, helms, one, rendered, withValues } from "./helm.ts";

// Facts about the data plane chart 2026.8.3, read in its values, templates and overlays, to which the stand-in is held.

const values = parse(readFileSync(join(dataplane, "values.yaml"), "utf8"));
const at = (path: string) => path.split(".").reduce((value, key) => value?.[key], values);

describe("the data plane chart's values", () => {
  it.each([
    ["low_privilege", true],
    ["namespaces.enabled", false],
    ["clusterName", "{{ .Values.global.CLUSTER_NAME }}"],
    ["orgName", "{{ .Values.global.ORG_NAME }}"],
    ["config.union.connection.host", '{{ include "dataplane.cp.endpoint" . }}'],
    ["config.union.connection.insecureSkipVerify", false],
    ["config.union.auth.enable", true],
    ["secrets.admin.enable", true],
    ["secrets.admin.create", true],
    ["secrets.admin.clientId", "{{ .Values.global.AUTH_CLIENT_ID }}"],
    ["commonServiceAccount.name", "union-system"],
    ["commonServiceAccount.imagePullSecrets", []],
    ["serviceAccount.imagePullSecrets", []],
    ["operator.imagePullSecrets", []],
    ["imageBuilder.targetConfigMapName", "build-image-config"],
    ["imageBuilder.defaultRepository", ""],
    ["imageBuilder.registryName", "union-dataplane"],
    ["imageBuilder.authenticationType", "noop"],
    ["imageBuilder.buildkit.enabled", true],
    ["imageBuilder.buildkit.openShift.enabled", false],
    ["extraObjects", []],
  ])("have %s: %j", (path, expected) => {
    expect(at(path)).toEqual(expected);
  });

  it.each([
    "global.IMAGE_REPOSITORY_PREFIX",
    "global.CONTROLPLANE_GRPC_ENDPOINT",
    "global.imageRegistry",
    "config.union.connection.insecure",
    "secrets.internalCaCert",
    "secrets.admin.existingSecret",
    "secrets.admin.enabled",
    "imagePullSecrets",
  ])("do not have %s", (path) => {
    expect(at(path)).toBeUndefined();
  });
});

describe.each(helms)("the data plane chart, under Helm %i", (major) => {
  it.each(modes)("$name: renders its objects", async ({ values: ofMode, renders, buildConfig }) => {
    await using bare = await bareDataplane();
    const { imageBuilderRegistrar: _, ...works } = dataplaneValues;
    const objects = await rendered(major, bare.folder, withValues(works, ofMode));
    const always = ["Deployment union-operator", "ServiceAccount union-system"];
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(
      [...always, ...renders].sort(),
    );
    expect(all(objects, "ConfigMap")[0]?.data ?? {}).toMatchObject(buildConfig ?? {});
  });

  it("says in the operator's Deployment which appVersion it is, and by which labels it is found", async () => {
    await using bare = await bareDataplane();
    const { imageBuilderRegistrar: _, ...works } = dataplaneValues;
    const operator = one(await rendered(major, bare.folder, works), "Deployment");
    expect(operator.spec?.template.spec?.containers[0]?.env).toEqual([{ name: "HELM_APP_VERSION", value: "2026.8.3" }]);
    expect(operator.metadata?.labels).toEqual({
      "app.kubernetes.io/name": "union-operator",
      "app.kubernetes.io/instance": "reg",
      "platform.union.ai/service-group": "reg",
      "app.kubernetes.io/managed-by": "Helm",
    });
  });

  it.each([
    ["one namespace", {}, { serviceAccountName: "union" }],
    [
      "Depot",
      { imageBuilder: { buildkit: { enabled: false } } },
      { serviceAccountName: "union", imagePullSecrets: [{ name: "depot-token" }] },
    ],
  ])("gives task pods of %s their service account", async (_, ofMode, expected) => {
    await using bare = await bareDataplane();
    const { imageBuilderRegistrar: __, ...works } = dataplaneValues;
    const { template } = one(await rendered(major, bare.folder, withValues(works, ofMode)), "PodTemplate");
    expect(template?.spec).toMatchObject(expected);
  });

  it("renders extraObjects as templates of its own, mappings and texts", async () => {
    await using bare = await bareDataplane();
    const text = "kind: ConfigMap\nmetadata: {name: '{{ .Chart.AppVersion }}-text'}";
    const mapping = { kind: "ConfigMap", metadata: { name: "{{ .Chart.AppVersion }}-mapping" } };
    const { imageBuilderRegistrar: _, ...works } = dataplaneValues;
    const objects = await rendered(major, bare.folder, { ...works, extraObjects: [text, mapping] });
    expect(all(objects, "ConfigMap").map(({ metadata }) => metadata?.name)).toEqual(
      expect.arrayContaining(["2026.8.3-text", "2026.8.3-mapping"]),
    );
  });
});
