import type { Leaf } from "../../src/settings/leaves.ts";
import { dotted } from "../../src/settings/names.ts";

const named: Readonly<Record<string, readonly [unknown, unknown]>> = {
  appVersionFrom: ["deployment/a1", "deployment/b1"],
  "controlPlane.proxy": ["http://a1:3128", "http://b1:3128"],
  "controlPlane.auth.command": [["a1"], ["b1", "c"]],
  "controlPlane.auth.scopes": [["a1"], ["b1", "c"]],
  "cluster.buildNamespaces": [["a1"], ["b1", "c"]],
  "cluster.chartObjects": [{ valuesPrefix: "a1." }, { valuesPrefix: "b1." }],
  "build.projects": [["a1/development"], ["b1/staging", "c1/production"]],
  "build.pythonVersion": ["3.11", "3.13"],
  "build.packages": [["a1"], ["b1==1.0", "c1"]],
  "builds.baseImages": [
    [{ image: "a1", python: [] }],
    [
      { image: "b1:1", python: ["3.12"] },
      { image: "c1", python: [] },
    ],
  ],
  "builds.pythonVersions": [["3.12"], ["3.13", "3.9"]],
  "builds.sdkVersion": ["2.12.1", "2.13.0rc1"],
  "builds.packageIndex": ["https://a1/simple", "http://b1:8080/"],
  "registry.mirrors": [{ "docker.io": "a1/b" }, { "docker.io": "b1:5000" }],
  "registry.insecureHosts": [["a1:5000"], ["b1", "c1:5000"]],
  "network.cidrs": [["10.0.0.0/16"], ["fd00::/8", "100.64.0.0/10"]],
  "task.podTemplate.tolerations": [[{ key: "a1" }], [{ key: "b1", operator: "Exists" }, {}]],
  "task.podTemplate.resources": [{ limits: { memory: "1Gi" } }, { limits: { memory: "2Gi" } }],
};

/** Two values that a setting may have, neither of them its default but for words and booleans, as a file writes them. */
export function valuesOf(leaf: Leaf): readonly [unknown, unknown] {
  const values = named[dotted(leaf.path)];
  if (values) return values;
  switch (leaf.kind) {
    case "text":
      return ["a1", "b1"];
    case "number":
      return [3, 4];
    case "boolean":
      return [true, false];
    case "duration":
      return ["90s", "2m"];
    case "object":
      return [{ key: "a1" }, { key: "b1" }];
    case "list":
      return [[{ name: "a1" }], [{ name: "b1" }, { name: "c1" }]];
    default: {
      const [first, second] = leaf.kind.split("|");
      return [first, second];
    }
  }
}

/** A setting's value in a tree of settings. */
export function valueAt(settings: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    settings,
  );
}

/** A tree of settings with one value in it. */
export function treeOf([key = "", ...rest]: readonly string[], value: unknown): { [key: string]: unknown } {
  return { [key]: rest.length === 0 ? value : treeOf(rest, value) };
}
