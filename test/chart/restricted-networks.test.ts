import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chart, cronJob, helms, leastValues, one, rendered, settingsOf, type Values, withValues } from "./helm.ts";

const example = join(import.meta.dirname, "../../examples/values.air-gap.yaml");
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));

describe.each(helms)("restricted networks, under Helm %i", (major) => {
  const render = (values: Values = {}) => rendered(major, chart, withValues(leastValues, values));

  it("pass what builds need, and how buildkit reaches its cloud, on to the program", async () => {
    const builds = { baseImages: [{ image: "python:3.12", python: ["3.12"] }], packageIndex: "https://index/simple" };
    const network = { requirePrivate: true, cidrs: ["10.0.0.0/16"] };
    const registry = { sendToBuildkit: true, insecureHosts: ["registry:5000"] };
    expect(settingsOf(await render({ builds, network, registry }))).toMatchObject({ builds, network, registry });
  });

  it("mount the registry logins into the pod of the check alone", async () => {
    const objects = await render({ registry: { existingSecret: "logins" } });
    const volume = {
      name: "registry-credential",
      secret: {
        secretName: "logins",
        items: [{ key: ".dockerconfigjson", path: ".dockerconfigjson" }],
        optional: true,
      },
    };
    const mount = { name: "registry-credential", mountPath: "/etc/registrar-registry", readOnly: true };
    const specOf = (purpose: "check" | "scheduled" | "register") =>
      cronJob(objects, purpose).spec?.jobTemplate.spec?.template.spec;
    expect(specOf("check")?.volumes).toContainEqual(volume);
    expect(specOf("check")?.containers[0]?.volumeMounts).toContainEqual(mount);
    for (const purpose of ["scheduled", "register"] as const) {
      expect(JSON.stringify(specOf(purpose))).not.toContain("registry-credential");
    }
    const settings = settingsOf(objects);
    expect(settings.registry.authFile).toBe("/etc/registrar-registry/.dockerconfigjson");
    expect(settings.cluster.chartObjects?.registryCredential).toEqual({ secret: "logins", key: ".dockerconfigjson" });
  });

  it("have a policy that is as tight as the example says", async () => {
    const objects = await rendered(major, chart, {}, ["--values", example]);
    const { policyTypes, ingress, egress } = one(objects, "NetworkPolicy").spec ?? {};
    expect({ policyTypes, ingress }).toEqual({ policyTypes: ["Ingress", "Egress"], ingress: undefined });
    const [dns, ...others] = egress ?? [];
    expect(dns).toEqual({ ports: [{ port: 53, protocol: "UDP" }, ...tcp(53)] });
    expect(others).toEqual([
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: tcp(443, 6443) },
      { to: [{ podSelector: {} }], ports: tcp(1234) },
      { to: [{ ipBlock: { cidr: "10.20.0.10/32" } }], ports: tcp(8443) },
      { to: [{ ipBlock: { cidr: "10.20.0.11/32" } }], ports: tcp(5000) },
    ]);
  });
});
