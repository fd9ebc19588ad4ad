import { readdirSync } from "node:fs";
import { appendFile, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { bareDataplane } from "./changed-dataplanes.ts";
import { examples, extraObjectsFile, nestedValues, valuesFiles } from "./example-files.ts";
import {
  chart,
  dataplane,
  dataplaneValues,
  type HelmMajor,
  helmProgram,
  leastValues,
  oldestKubernetes,
  templated,
  type Values,
  withValues,
} from "./helm.ts";

// Before any test has a deadline: the first time, they are made.
const scripts = join(import.meta.dirname, "../../tools");
const { stdout: tools } = await execa(join(scripts, "manifest-checks.sh"));
const { stdout: ct } = await execa(join(scripts, "chart-testing.sh"));
const ctRules = join(dirname(ct), "etc");
const schemas = join(tools, "schemas");
const versions = readdirSync(schemas);

/** Every object, and every part of a pod that values add. */
const everything: Values = {
  commonLabels: { team: "platform" },
  hooks: { rollback: true },
  networkPolicy: { enabled: true, egressCidrs: ["10.0.0.0/8"], extraEgress: [{ ports: [{ port: 3128 }] }] },
  check: { buildNamespaces: ["union", "builds"], buildNamespaceSelector: "team=builds" },
  caBundle: { configMap: "company-ca" },
  registry: { existingSecret: "logins" },
  dnsPolicy: "None",
  dnsConfig: { nameservers: ["10.0.0.2"], options: [{ name: "ndots", value: "2" }] },
  runtimeClassName: "gvisor",
  hostAliases: [{ ip: "10.0.0.9", hostnames: ["cp.example.com"] }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
  ttlSecondsAfterFinished: 60,
  extraObjects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" } }],
};

/**
 * The schema of 1.28 requires the list in each rule, which its server does not (kubernetes/api: the field has no omitempty there). In
 * the chart it would make every `kubectl apply` a change, since servers do not keep an empty list.
 */
function withConditions(manifests: string): string {
  return manifests.replaceAll(/^( *)onExitCodes:/gm, "$1onPodConditions: []\n$&");
}

const embedded = withValues(dataplaneValues, { imageBuilderRegistrar: everything });

describe("manifests", () => {
  // Helm 3 prints the same objects: test/chart/examples.test.ts and the others hold both to it.
  const manifests = (async () => {
    await using bare = await bareDataplane();
    const printed = [
      ...valuesFiles.map((name) => templated(4, chart, {}, ["--values", join(examples, name)])),
      ...nestedValues.map(({ values }) => templated(4, chart, values)),
      templated(4, bare.folder, dataplaneValues, ["--values", join(examples, extraObjectsFile)]),
      templated(4, chart, withValues(leastValues, everything)),
      templated(4, chart, withValues(leastValues, { hooks: { plain: true } })),
      templated(4, dataplane, embedded),
    ];
    const texts = (await Promise.all(printed)).map(({ stdout }) => stdout);
    expect(texts).not.toContain("");
    return texts.join("\n---\n");
  })();

  /** Lines of kubeconform, but for its last. */
  const conform = async (version: string, text: string) => {
    const location = join(schemas, "{{ .NormalizedKubernetesVersion }}/{{ .ResourceKind }}{{ .KindSuffix }}.json");
    // Several workers would each compile the same schemas.
    const args = [
      "-strict",
      "-summary",
      "-n",
      "1",
      "-kubernetes-version",
      version.slice(1),
      "-schema-location",
      location,
    ];
    const { stdout } = await execa(join(tools, "kubeconform"), args, {
      input: text,
      reject: false,
      env: { GOGC: "off" },
    });
    const lines = stdout.split("\n");
    return { summary: lines.at(-1), problems: lines.slice(0, -1) };
  };

  it("are checked for every minor version of Kubernetes from the oldest on", () => {
    const minors = versions.map((version) => Number(version.split(".")[1])).sort((one, other) => one - other);
    expect(minors).toEqual(Array.from({ length: minors.length }, (_, index) => 28 + index));
    expect(versions).toContain(`v${oldestKubernetes}`);
    expect(minors.at(-1)).toBeGreaterThanOrEqual(37);
  });

  it.each(versions)("have the schemas of Kubernetes %s", async (version) => {
    const text = await manifests;
    const required = version.startsWith("v1.28.") ? withConditions(text) : text;
    const { problems, summary } = await conform(version, required);
    expect(problems).toEqual([]);
    expect(summary).toMatch(/ - Valid: 1\d\d, Invalid: 0, Errors: 0, Skipped: 0$/);
  });

  it("would not if they had an unknown key or a wrong type", async () => {
    const text = await manifests;
    const unknown = await conform("v1.37.0", text.replaceAll("backoffLimit:", "backofLimit:"));
    expect(unknown.problems.join()).toContain("'backofLimit' not allowed");
    const wrong = await conform("v1.28.0", text.replaceAll("runAsNonRoot: true", 'runAsNonRoot: "yes"'));
    expect(wrong.problems.join()).toContain("/securityContext/runAsNonRoot");
  });
});

describe("chart-testing", () => {
  /** Runs `ct lint` on a chart by its own rules, with Helm's strict lint for one file of values. */
  const lint = async (major: HelmMajor, folder: string, valuesFile: string) => {
    const programs = await mkdtemp(join(tmpdir(), "lint-"));
    await symlink(helmProgram(major), join(programs, "helm"));
    const rules = [`--lint-conf=${ctRules}/lintconf.yaml`, `--chart-yaml-schema=${ctRules}/chart_schema.yaml`];
    // These two ask a Git host.
    const without = ["--validate-maintainers=false", "--check-version-increment=false"];
    const ofHelm = `--strict --kube-version ${oldestKubernetes} --values ${join(examples, valuesFile)}`;
    const args = ["lint", `--charts=${folder}`, ...rules, ...without, `--helm-lint-extra-args=${ofHelm}`];
    const path = [programs, join(tools, "python/bin"), process.env["PATH"]].join(":");
    const env = { PATH: path, PYTHONPATH: join(tools, "python"), GOGC: "off" };
    const { all, exitCode } = await execa(ct, args, { env, all: true, reject: false, timeout: 50_000 });
    await rm(programs, { recursive: true });
    return { said: all, exitCode };
  };

  it.each([
    ...valuesFiles.map((name) => ({ major: 4 as const, name })),
    ...valuesFiles.slice(0, 1).map((name) => ({ major: 3 as const, name })),
  ])("finds nothing under Helm $major with $name", async ({ major, name }) => {
    const { said, exitCode } = await lint(major, chart, name);
    expect(exitCode, said).toBe(0);
    expect(said).toContain("image-builder-registrar => (version:");
    expect(said).toContain("All charts linted successfully");
  });

  it("finds a key that is there twice", async () => {
    const folder = await mkdtemp(join(tmpdir(), "chart-"));
    await cp(chart, folder, { recursive: true });
    await appendFile(join(folder, "values.yaml"), "enabled: false\n");
    const { said, exitCode } = await lint(4, folder, valuesFiles[0] ?? "");
    expect(said).toContain('duplication of key "enabled"');
    expect(exitCode).toBe(1);
    await rm(folder, { recursive: true });
  });
});
