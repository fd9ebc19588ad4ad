import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { modes } from "./dataplane-modes.ts";
import { dataplane, dataplaneValues, helms, templated, type Values, withValues } from "./helm.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/install.md"), "utf8");

/** The rows of the table: kind of data plane, and the values that it requires. */
const rows = [
  ...(page.split("<!-- requirements -->")[1]?.split("\n\n")[0] ?? "").matchAll(/^\| (.+?) \| (.*?) ?\| .* \|$/gm),
]
  .slice(1)
  .map(([, kind = "", values = ""]) => ({ kind, values: valuesIn(values) }));

/** The values in a cell: several mappings, each as code. */
function valuesIn(cell: string): Values {
  const mappings = [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => parse(text ?? "") as Values);
  return mappings.reduce(withValues, {});
}

const mode = (name: string): Values => {
  const found = modes.find((each) => each.name === name);
  if (!found) throw new Error(`there is no mode ${name}`);
  return found.values;
};

/** The data planes of each row. */
const planes: Readonly<Record<string, readonly Values[]>> = {
  every: [{}],
  "without `global.CLUSTER_NAME`": [{ global: { CLUSTER_NAME: "" } }],
  "without `global.AUTH_CLIENT_ID`": [{ global: { AUTH_CLIENT_ID: "" } }],
  authless: [mode("authless")],
  "intra-cluster": [mode("intra-cluster")],
  "multi-namespace": [mode("multi-namespace")],
  OpenShift: [mode("OpenShift")],
  "Depot, basic login, buildkit elsewhere": [mode("Depot"), mode("basic registry login"), mode("buildkit elsewhere")],
  "AWS, GCP, Azure": [mode("AWS"), mode("GCP"), mode("Azure")],
};

/** What a data plane sets anyway. */
const { imageBuilderRegistrar: _, ...plane } = dataplaneValues;
const every = rows.find(({ kind }) => kind === "every")?.values ?? {};

describe.each(helms)("docs/install.md says what a data plane requires, under Helm %i", (major) => {
  const render = (values: Values, own: Values) =>
    templated(
      major,
      dataplane,
      withValues(withValues(plane, values), { imageBuilderRegistrar: { enabled: true, ...own } }),
    );

  it("for every kind of data plane", () => {
    expect(rows.map(({ kind }) => kind)).toEqual(Object.keys(planes));
  });

  it.each(rows)("$kind: nothing more", async ({ kind, values }) => {
    for (const ofPlane of planes[kind] ?? []) {
      const { stderr, exitCode } = await render(ofPlane, { ...every, ...values });
      expect(exitCode, stderr).toBe(0);
    }
  });

  it.each(rows.slice(0, 3))("$kind: nothing less", async ({ kind, values }) => {
    expect(Object.keys(values)).not.toEqual([]);
    const [ofPlane = {}] = planes[kind] ?? [];
    const { stderr, exitCode } = await render(ofPlane, kind === "every" ? {} : every);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/image-builder-registrar: \S+ is empty/);
  });

  it("an authless one goes to the Connect port, without a login", async () => {
    const { values = {} } = rows.find(({ kind }) => kind === "authless") ?? {};
    const { stdout } = await render(mode("authless"), { ...every, ...values });
    expect(stdout).toContain("endpoint: dns:///executions.union-cp.svc.cluster.local:83");
    expect(stdout).toContain("insecure: true");
    expect(stdout).toContain("ensureProject: false");
  });
});
