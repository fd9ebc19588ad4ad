import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { all, chart, type HelmMajor, helms, rendered, settingsOf, templated, type Values } from "./helm.ts";

const { spec } = parse(readFileSync(join(import.meta.dirname, "../../examples/argo-cd-fleet.yaml"), "utf8"));
const label = "union.example.com/registrar-role";

/** What Argo CD's cluster generator gives to the template for a cluster (Generators-Cluster.md of Argo CD 3.5). */
const cluster = (name: string, role: string): Values => ({
  name,
  nameNormalized: name.toLowerCase().replace(/[^a-z0-9.-]/g, "-"),
  server: `https://${name}.example.com`,
  metadata: { labels: { "argocd.argoproj.io/secret-type": "cluster", [label]: role } },
});

/** The Application for a cluster. Argo CD renders the strings of the template as Helm does, as Go templates with sprig's functions. */
async function applicationFor(major: HelmMajor, parameters: Values) {
  const folder = await mkdtemp(join(tmpdir(), "application-set-"));
  try {
    await mkdir(join(folder, "templates"));
    await writeFile(
      join(folder, "Chart.yaml"),
      stringify({ apiVersion: "v2", name: "application-set", version: "1.0.0" }),
    );
    const body = stringify(spec.template, { singleQuote: true, lineWidth: 0 });
    await writeFile(join(folder, "templates/application.yaml"), `{{- with .Values }}\n${body}{{- end }}\n`);
    const { stdout, stderr } = await templated(major, folder, parameters);
    const application = parse(stdout);
    if (!application) throw new Error(stderr);
    return { application, values: application.spec.source.helm.valuesObject as Values };
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("selects every cluster that has a role", () => {
  expect(spec.generators).toEqual([
    { clusters: { selector: { matchExpressions: [{ key: label, operator: "Exists" }] } } },
  ]);
});

describe.each(helms)("the ApplicationSet of a fleet, under Helm %i", (major) => {
  it.each([
    ["prod-us", "owner"],
    ["Prod_EU", "member"],
  ])("makes cluster %s %s", async (name, role) => {
    const { application, values } = await applicationFor(major, cluster(name, role));
    expect(application).toMatchObject({
      metadata: { name: `image-builder-registrar-${name.toLowerCase().replace("_", "-")}` },
      spec: { destination: { server: `https://${name}.example.com`, namespace: "union" } },
    });
    const objects = await rendered(major, chart, values);
    expect(settingsOf(objects)).toMatchObject({ release: { cluster: name }, policy: { role } });
    expect(all(objects, "Job").map(({ metadata }) => metadata?.annotations?.["argocd.argoproj.io/hook"])).toEqual([
      "PostSync",
    ]);
  });

  it.each(["", "owners"])(
    "gives a cluster whose role is mistyped as %j an application that does not render",
    async (role) => {
      const { values } = await applicationFor(major, cluster("prod-us", role));
      expect((await templated(major, chart, values)).stderr).toMatch(/role.*(owner|one of)/s);
    },
  );
});
