import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { bareDataplane } from "./changed-dataplanes.ts";
import { examples, extraObjectsFile, nestedValues, valuesFiles } from "./example-files.ts";
import {
  chart,
  dataplane,
  dataplaneValues,
  helm,
  helms,
  leastValues,
  oldestKubernetes,
  templated,
  type Values,
  withValues,
} from "./helm.ts";

// Before any test has a deadline: the first time, they are made.
const { stdout: tools } = await execa(join(import.meta.dirname, "../../tools/manifest-checks.sh"));
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

// What chart-testing's `ct lint` does, which is no module that Go's proxy serves: Helm's lint with each file of values, and yamllint of
// Chart.yaml and values.yaml by its rules. Its other two checks, a raised version and maintainers' accounts, ask a Git host.
describe("lint", () => {
  const rules = `{rules: {braces: {max-spaces-inside: 0}, brackets: {max-spaces-inside: 0}, colons: {}, commas: {}, comments: {},
    empty-lines: {max: 2, max-end: 0}, hyphens: {}, indentation: {spaces: consistent}, key-duplicates: {}, new-lines: {},
    new-line-at-end-of-file: {}, trailing-spaces: {}, truthy: {}}}`;

  it.each(helms.flatMap((major) => valuesFiles.map((name) => ({ major, name }))))(
    "is clean under Helm $major with $name",
    async ({ major, name }) => {
      const values = ["--values", join(examples, name)];
      const { stdout, exitCode } = await helm(major, [
        "lint",
        chart,
        "--strict",
        "--kube-version",
        oldestKubernetes,
        ...values,
      ]);
      expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
      expect(exitCode).toBe(0);
    },
  );

  const yamllint = async (...files: string[]) =>
    await execa("python3", ["-m", "yamllint", "--strict", "-f", "parsable", "-d", rules, ...files], {
      env: { PYTHONPATH: join(tools, "python") },
      reject: false,
    });

  it("finds nothing in the chart's files and the examples", async () => {
    const own = ["Chart.yaml", "values.yaml"].map((name) => join(chart, name));
    const { stdout, exitCode } = await yamllint(...own, ...valuesFiles.map((name) => join(examples, name)));
    expect(stdout).toBe("");
    expect(exitCode).toBe(0);
  });

  it("would find a key that is there twice", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lint-"));
    const file = join(folder, "values.yaml");
    await writeFile(file, "enabled: true\nenabled: false\n");
    expect((await yamllint(file)).stdout).toContain("key-duplicates");
    await rm(folder, { recursive: true });
  });
});
