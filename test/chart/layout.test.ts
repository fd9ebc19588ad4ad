import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { changedChart } from "./changed-chart.ts";
import { chart, dataplane, dataplaneValues, helms, leastValues, rendered, templated, withValues } from "./helm.ts";

const name = "reg-image-builder-registrar";
/** Every object, by the file that renders it. */
const objects = {
  "build-cron-job.yaml": [`CronJob ${name}-build`],
  "check-cron-job.yaml": [`CronJob ${name}-check`],
  "cluster-role-binding.yaml": [`ClusterRoleBinding union-${name}`],
  "cluster-role.yaml": [`ClusterRole union-${name}`],
  "cron-job.yaml": [`CronJob ${name}`],
  "dashboard-config-map.yaml": [`ConfigMap ${name}-dashboard`],
  "extra-objects.yaml": ["ConfigMap extra"],
  "force-cron-job.yaml": [`CronJob ${name}-register-force`],
  "hook-job.yaml": [`Job ${name}-register`],
  "network-policy.yaml": [`NetworkPolicy ${name}`],
  "prometheus-rule.yaml": [`PrometheusRule ${name}`],
  "register-cron-job.yaml": [`CronJob ${name}-register`],
  "role-binding.yaml": [`RoleBinding ${name}`],
  "role.yaml": [`Role ${name}`],
  "roles-in-build-namespaces.yaml": [`Role union-${name}`, `RoleBinding union-${name}`],
  "rollback-job.yaml": [`Job ${name}-rollback`],
  "service-account.yaml": [`ServiceAccount ${name}`],
  "settings-config-map.yaml": [`ConfigMap ${name}`],
  "status-config-map.yaml": ["ConfigMap image-builder-registrar-status"],
  "test-pod.yaml": [`Pod ${name}-verify`],
};
const everything = {
  hooks: { rollback: true },
  networkPolicy: { enabled: true },
  metrics: { prometheusRule: { enabled: true }, dashboard: { enabled: true } },
  check: { buildNamespaces: ["union", "system-production"], buildNamespaceSelector: "team=builds" },
  extraObjects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" } }],
};

const templates = join(chart, "templates");
const sources = (text: string) => new Set([...text.matchAll(/^# Source: (.*)$/gm)].map(([, path]) => path));

describe.each(helms)("one file an object, under Helm %i", (major) => {
  const values = withValues(leastValues, everything);

  it.each(Object.entries(objects))("%s renders %j alone", async (file, expected) => {
    const alone = await rendered(major, chart, values, ["--show-only", `templates/${file}`]);
    expect(alone.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(expected);
  });

  it("which together are all that is rendered, alone and embedded", async () => {
    const { stdout } = await templated(major, chart, values);
    const ours = Object.keys(objects).map((file) => `image-builder-registrar/templates/${file}`);
    expect(sources(stdout)).toEqual(new Set(ours));

    const inherited = withValues(dataplaneValues, { imageBuilderRegistrar: everything });
    const embedded = (await rendered(major, dataplane, inherited)).map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    expect(embedded).toEqual(expect.arrayContaining(Object.values(objects).flat()));
  });

  it("none of which renders anything where the chart is a dependency", async () => {
    const inherited = withValues(dataplaneValues, { imageBuilderRegistrar: everything });
    const { stdout } = await templated(major, dataplane, inherited);
    expect([...sources(stdout)].filter((path) => path?.includes("/charts/"))).toEqual([]);

    await using umbrella = await umbrellaChart();
    expect(await rendered(major, umbrella.folder, { "image-builder-registrar": values })).toEqual([]);
    const standalone = { "image-builder-registrar": { ...values, standalone: true } };
    expect(sources((await templated(major, umbrella.folder, standalone)).stdout).size).toBe(readObjectFiles().length);
  });

  it("prints large numbers as numbers", async () => {
    const large = { activeDeadlineSeconds: 1_234_567, podSecurityContext: { runAsUser: 1_000_680_000 } };
    const { stdout } = await templated(major, chart, withValues(values, large));
    expect(stdout).toContain("activeDeadlineSeconds: 1234567\n");
    expect(stdout).toContain("runAsUser: 1000680000\n");
  });

  it("refuses a rule without a resource name, which would allow every object of the kind", async () => {
    const rbac = await readFile(join(templates, "_rbac.tpl"), "utf8");
    await using changed = await changedChart(
      "_rbac.tpl",
      rbac.replace(".values.task.configMapName", ".values.task.none"),
    );
    const { stderr, stdout } = await templated(major, changed.folder, values);
    expect(stderr).toContain("image-builder-registrar: a Role's rule has an empty resource name");
    expect(stdout).toBe("");
  });

  it("renders all of them from one context, whose keys are documented", async () => {
    const documentation =
      /^\{\{- \/\*(.*?)\*\//s.exec(readFileSync(join(templates, "_context.tpl"), "utf8"))?.[1] ?? "";
    const documented = [...documentation.matchAll(/^ {2}(\w+) +\S/gm)].map(([, key]) => key ?? "");
    await using changed = await changedChart("context.yaml", '{{ include "image-builder-registrar.context" . }}');
    const { stdout } = await templated(major, changed.folder, values, ["--show-only", "templates/context.yaml"]);
    expect(Object.keys(parse(stdout)).sort()).toEqual(documented.sort());
  });
});

describe("templates", () => {
  it("are a file an object and helpers", () => {
    expect(readObjectFiles()).toEqual(Object.keys(objects).sort());
  });

  // The values keep the context, so that it is computed once for all files.
  const kept = ".Values";

  it.each(readdirSync(templates))("%s changes no dict that it was given", (file) => {
    for (const define of readFileSync(join(templates, file), "utf8").split("{{- define ")) {
      const changed = [...define.matchAll(/\b(?:set|unset|merge|mergeOverwrite) ([.$]\S*)/g)].map(
        ([, dict]) => dict ?? "",
      );
      const ofOthers = changed.filter((dict) => !define.includes(`{{- ${dict} := dict`));
      expect(ofOthers).toEqual(define.startsWith('"image-builder-registrar.standalone"') ? [kept] : []);
    }
  });
});

function readObjectFiles(): string[] {
  return readdirSync(templates)
    .filter((file) => file.endsWith(".yaml"))
    .sort();
}

/** A chart that depends on ours and has no line that embeds it. */
async function umbrellaChart() {
  const folder = await mkdtemp(join(tmpdir(), "umbrella-"));
  const dependency = { name: "image-builder-registrar", version: ">=0.1.0-0", repository: `file://${chart}` };
  await mkdir(join(folder, "charts"));
  await symlink(chart, join(folder, "charts/image-builder-registrar"));
  await writeFile(
    join(folder, "Chart.yaml"),
    stringify({ apiVersion: "v2", name: "umbrella", version: "1.0.0", dependencies: [dependency] }),
  );
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
