import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startRealRegistry } from "../../testing/registry/real-registry.ts";
import { helm } from "./helm.ts";
import { injectCa, injectedCaLabels } from "./injected-ca.ts";
import { createRelease, fullname } from "./release.ts";

const publish = join(import.meta.dirname, "../../tools/publishing/publish.ts");
const program = process.env["DOCKER_REGISTRY"] ?? "";

/** The operator of a data plane, as far as the registrar reads it. */
const operator = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "union-operator" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "union-operator" } },
    template: {
      metadata: { labels: { app: "union-operator" } },
      spec: {
        containers: [{ name: "operator", image: "operator", env: [{ name: "HELM_APP_VERSION", value: "2026.3.4" }] }],
      },
    },
  },
};

// Only the node of a local cluster is this machine, so that it can pull from the registry here.
test.skipIf(process.env["CLUSTER_FOLDER"] === undefined)(
  "what make publish has pushed is installed with the three values of its install command",
  async () => {
    await using registry = await startRealRegistry("2.8", { programs: { "2.8": program, v3: program } });
    const env = { REGISTRY: `${registry.host}/union`, PLAIN_HTTP: "1" };
    const { stdout: printed } = await execa(process.execPath, [publish], { env });
    const [, image, digest = ""] = /^Published (\S+)@(\S+)$/m.exec(printed) ?? [];
    const [, reference = "", version = ""] =
      /helm install registrar (oci:\S+) --version (\S+) --plain-http/.exec(printed) ?? [];
    const printedValues = Array.from(printed.matchAll(/--set (\S+?)=/g), ([, name]) => name);
    expect(printedValues).toEqual(["clusterName", "controlPlane.endpoint", "auth.clientId"]);

    const chart = [reference, "--version", version, "--plain-http"];
    const shown = await helm(4, ["show", "values", ...chart]);
    expect(parse(shown.stdout).image).toMatchObject({
      defaultRegistry: `${registry.host}/union`,
      tag: version,
      digest,
    });

    // The stand-in has a private CA, which the cluster gives to its pods.
    await injectCa();
    await using site = await createRelease(4, { namespaceLabels: injectedCaLabels });
    await site.namespace.create(operator);
    const { plane, clientId } = site.controlPlane;
    const [cluster, endpoint, client] = printedValues;
    const values = [`${cluster}=published`, `${endpoint}=${plane.url}`, `${client}=${clientId}`];
    const flags = ["--namespace", site.namespace.name, ...values.flatMap((value) => ["--set", value])];
    const installed = await helm(4, ["install", "dataplane", ...chart, ...flags]);
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4"]);
    const tested = await site.run("test", "--logs");
    expect(tested.stdout, tested.stderr).toContain("current: 2026.3.4 is current in system/production");

    const pods = await site.namespace.list("pods");
    const hook = pods.find(
      ({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"] === `${fullname}-register`,
    );
    const [container] = hook?.status?.containerStatuses ?? [];
    expect(hook?.spec?.containers[0]?.image).toBe(`${image}@${digest}`);
    expect(container?.imageID).toContain(digest);
  },
);
