import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { chartDocuments } from "../../tools/chart-documents.ts";
import { documentedValues } from "../../tools/chart-readme.ts";
import { changes } from "./changed-values.ts";
import { chart, helm, helms, leastValues, oldestKubernetes, templated, type Values, withValues } from "./helm.ts";

const valuesYaml = readFileSync(join(chart, "values.yaml"), "utf8");

describe("values", () => {
  const unchanged = new Map<string, ReturnType<typeof templated>>();
  const templatedOnce = (values: Values) => {
    const known = unchanged.get(JSON.stringify(values)) ?? templated(4, chart, values);
    unchanged.set(JSON.stringify(values), known);
    return known;
  };

  it.each(changes)("$path changes what is rendered", async ({ path, to, given = {} }) => {
    const values = withValues(leastValues, given);
    const before = await templatedOnce(values);
    const after = await templated(4, chart, withValues(values, nested(path.split("."), to)));
    expect([before.stderr, after.stderr]).toEqual(["", ""]);
    expect(after.stdout).not.toBe(before.stdout);
  });

  it.each(helms)("lint clean under Helm %i", async (major) => {
    const args = ["lint", chart, "--strict", "--kube-version", oldestKubernetes, "--values", "-"];
    const { exitCode, stdout } = await helm(major, args, JSON.stringify(leastValues));
    expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
    expect(exitCode).toBe(0);
  });
});

it("tells after an installation what ran, how to run it again, how to check and how it ended", async () => {
  const args = ["install", "reg", chart, "--dry-run=client", "--namespace", "union", "--values", "-"];
  // Only Helm 4 does this without a cluster.
  const { stdout } = await helm(4, args, JSON.stringify(leastValues));
  expect(
    stdout
      .slice(stdout.indexOf("NOTES:"))
      .split("\n")
      .filter((line) => line.includes("kubectl")),
  ).toEqual([
    "  kubectl -n union logs job/reg-image-builder-registrar-register",
    "  kubectl -n union create job --from=cronjob/reg-image-builder-registrar reg-image-builder-registrar-$(date +%s)",
    "  kubectl -n union create job --from=cronjob/reg-image-builder-registrar-check check-now",
    "  kubectl -n union logs --follow job/check-now",
    "  kubectl -n union get configmap image-builder-registrar-status -o yaml",
  ]);
});

describe("values.yaml", () => {
  it("has a test above for each of its values", () => {
    const documented = documentedValues(valuesYaml).map(({ path }) => path.join("."));
    expect(changes.map(({ path }) => path)).toEqual(documented.filter((path) => path !== "standalone"));
  });

  it("documents every value", () => {
    const documented = documentedValues(valuesYaml).map(({ path }) => path.join("."));
    const undocumented = leaves(parse(valuesYaml), "").filter(
      (leaf) => !documented.some((path) => leaf === path || leaf.startsWith(`${path}.`)),
    );
    expect(undocumented).toEqual([]);
  });

  it("names the image of this version of the program", () => {
    const { version, appVersion } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
    expect({ version, appVersion, tag: parse(valuesYaml).image.tag }).toEqual({
      version: packageJson.version,
      appVersion: packageJson.version,
      tag: packageJson.version,
    });
  });

  it.each(chartDocuments())("$path is fresh (make generate)", ({ path, text }) => {
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

function nested([key = "", ...rest]: string[], value: unknown): Values {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function leaves(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
