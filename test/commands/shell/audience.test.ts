import { describe, expect, it } from "vitest";
import { describeFor } from "../../../src/commands/shell/audience.ts";
import { finding } from "../../../src/findings/finding.ts";
import { leavesOfSettings } from "../../../src/settings/leaves.ts";
import type { Invocation } from "../../../src/settings/parse-settings.ts";

const inPod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
const file = `
release: {cluster: prod-us, namespace: union, name: dataplane}
cluster:
  enabled: true
  statusConfigMap: the-status
  settingsConfigMap: the-settings
  chartObjects: {valuesPrefix: imageBuilderRegistrar., cronJob: the-job, checkCronJob: the-check}
`;
const conflict = finding("warning", "registration-conflict", { scope: "", current: "", owner: "" });

interface Given {
  environment?: Record<string, string>;
  settings?: string;
  flags?: Record<string, string>;
  invocation?: Partial<Invocation>;
  docsUrl?: string;
}

function describedFor({ environment = {}, settings, flags = {}, invocation, docsUrl }: Given) {
  const given = Object.entries(flags).flatMap(([path, value]) =>
    leavesOfSettings().flatMap((leaf) => (leaf.path.join(".") === path ? [{ leaf, value }] : [])),
  );
  const configFile = settings === undefined ? undefined : "registrar.yaml";
  const readFile = () => {
    if (settings === undefined) throw new Error("ENOENT");
    return Buffer.from(settings);
  };
  return describeFor(
    { configFile, flyteConfigFile: undefined, flags: given, environment, ...invocation },
    { environment, readFile, docsUrl },
  )(conflict);
}

describe("the reader of a finding", () => {
  it("gets commands with the settings flags of this run, as they were given", () => {
    const flags = { appVersion: "2026.3.4", "controlPlane.endpoint": "dns:///a b", "policy.force": "true" };
    const invocation = { configFile: "my.yaml", flyteConfigFile: "~/.flyte/config.yaml" };
    expect(describedFor({ flags, invocation }).next).toBe(
      "registrar status --config my.yaml --flyte-config ~/.flyte/config.yaml --app-version 2026.3.4 --control-plane-endpoint 'dns:///a b'",
    );
  });

  it.each([
    ["controlPlane.proxy", "http://user:CANARY@proxy:3128"],
    ["task.podTemplate.env", "[{name: TOKEN, value: CANARY}]"],
    ["task.podTemplate.labels", "{token: CANARY}"],
  ])("never gets a value of %s, which may be a secret", (path, value) => {
    const { next } = describedFor({ flags: { [path]: value } });
    expect(next).toMatch(/ --[a-z-]+ '…'$/);
    expect(next).not.toContain("CANARY");
  });

  it("gets the chart's objects in a pod of the chart", () => {
    expect(describedFor({ environment: inPod, settings: file }).next).toBe(
      "kubectl -n union get configmap the-status -o yaml",
    );
  });

  it("gets them even if other settings are wrong", () => {
    const settings = `${file}\ntask: {logLevel: loud}\nnonsense: 1`;
    expect(describedFor({ environment: inPod, settings }).next).toContain("configmap the-status");
  });

  it.each([
    ["outside of a pod", { settings: file }],
    ["in a pod without the chart's objects", { environment: inPod, settings: file.replace(/ {2}chartObjects.*/, "") }],
    ["in a pod without a settings file", { environment: inPod }],
    ["in a pod with a broken settings file", { environment: inPod, settings: "{" }],
    ["in a pod with a settings file of another kind", { environment: inPod, settings: "cluster: 5" }],
  ])("gets the program's own command %s", (_where, given) => {
    expect(describedFor(given).next).toMatch(/^registrar status/);
  });

  it("gets the URL of the build, else a relative path", () => {
    const docsUrl = "https://docs.example.com/v1/errors.md";
    expect(describedFor({ docsUrl }).docs).toBe(`${docsUrl}#registration-conflict`);
    expect(describedFor({}).docs).toBe("docs/errors.md#registration-conflict");
  });
});
