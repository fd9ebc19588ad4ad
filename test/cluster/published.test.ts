import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startRealRegistry } from "../../testing/registry/real-registry.ts";
import { helm } from "./helm.ts";
import { createRelease, fullname } from "./release.ts";

const publish = join(import.meta.dirname, "../../tools/publishing/publish.ts");
const program = process.env["DOCKER_REGISTRY"] ?? "";

// Only the node of a local cluster is this machine, so that it can pull from the registry here.
test.skipIf(process.env["CLUSTER_FOLDER"] === undefined)(
  "what make publish has pushed is installed with the values of the site alone",
  async () => {
    await using registry = await startRealRegistry("2.8", { programs: { "2.8": program, v3: program } });
    const env = { REGISTRY: `${registry.host}/union`, PLAIN_HTTP: "1" };
    const { stdout: printed } = await execa(process.execPath, [publish], { env });
    const [, image, digest = ""] = /^Published (\S+)@(\S+)$/m.exec(printed) ?? [];
    const [, reference = "", version = ""] =
      /helm install registrar (oci:\S+) --version (\S+) --plain-http/.exec(printed) ?? [];

    const chart = [reference, "--version", version, "--plain-http"];
    const shown = await helm(4, ["show", "values", ...chart]);
    expect(parse(shown.stdout).image).toMatchObject({
      defaultRegistry: `${registry.host}/union`,
      tag: version,
      digest,
    });

    await using site = await createRelease(4);
    const { plane, clientId } = site.controlPlane;
    const values = {
      appVersion: "2026.3.4",
      clusterName: "published",
      controlPlane: { endpoint: plane.url, org: "acme" },
      auth: { clientId },
      // The stand-in has a private CA.
      caBundle: { configMap: "ca" },
    };
    const flags = ["--namespace", site.namespace.name, "--values", "-"];
    const installed = await helm(4, ["install", "dataplane", ...chart, ...flags], JSON.stringify(values));
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
