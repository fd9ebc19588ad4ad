import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { ruleWith } from "../alerts/rendered-alerts.ts";
import { kubectl } from "./kubectl.ts";
import { createNamespace } from "./namespace.ts";

const examples = join(import.meta.dirname, "../../examples");
/** Folder with CustomResourceDefinitions; only a local cluster has it, and nobody else's gets them installed. */
const crds = process.env["CRDS"];

interface Manifest {
  metadata: object;
  spec: object;
}

const gitOps = ["argo-cd.yaml", "argo-cd-fleet.yaml", "flux.yaml"].flatMap((file) =>
  parseAllDocuments(readFileSync(join(examples, file), "utf8")).map((document): Manifest => document.toJS()),
);
const rule = await ruleWith({ metrics: { prometheusRule: { labels: { release: "kube-prometheus-stack" } } } });
if (!rule) throw new Error("no rule is rendered");
const manifests: readonly Manifest[] = [...gitOps, rule];

/** Asks the API server, in a namespace of the test's own, whether it would store them. @throws for unknown fields too */
async function tryToApply(manifests: readonly Manifest[]): Promise<string> {
  await using namespace = await createNamespace();
  const moved = manifests.map((manifest) => {
    const metadata = { ...manifest.metadata, namespace: namespace.name };
    return JSON.stringify({ ...manifest, metadata });
  });
  return await kubectl(["apply", "--dry-run=server", "--validate=strict", "-f", "-"], moved.join("\n---\n"));
}

describe.skipIf(crds === undefined)("an API server with the CRDs of Argo CD, Flux and the Prometheus operator", () => {
  beforeAll(async () => {
    if (crds === undefined) return;
    // The definition of ApplicationSets is too large for the annotation of a client-side apply.
    await kubectl(["apply", "--server-side", "-f", crds]);
    const names = readdirSync(crds).map(
      (file) => `crd/${parse(readFileSync(join(crds, file), "utf8")).metadata.name as string}`,
    );
    await kubectl(["wait", "--for=condition=Established", ...names]);
  });

  test("takes the examples and the alerts as they are", async () => {
    expect((await tryToApply(manifests)).split("\n")).toEqual([
      "application.argoproj.io/image-builder-registrar created (server dry run)",
      "applicationset.argoproj.io/image-builder-registrar created (server dry run)",
      "ocirepository.source.toolkit.fluxcd.io/image-builder-registrar created (server dry run)",
      "helmrelease.helm.toolkit.fluxcd.io/registrar created (server dry run)",
      "prometheusrule.monitoring.coreos.com/dataplane-image-builder-registrar created (server dry run)",
    ]);
  });

  test("refuses each with an unknown field", async () => {
    const mistyped = manifests.map((manifest) => {
      const spec = { ...manifest.spec, intervall: "10m" };
      return { ...manifest, spec };
    });
    const failure = await tryToApply(mistyped).catch(({ stderr }) => stderr);
    expect(failure.match(/unknown field "spec.intervall"/g)).toHaveLength(manifests.length);
  });
});
