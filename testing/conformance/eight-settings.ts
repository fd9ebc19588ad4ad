import type { GivenSettings } from "./random-settings.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const hostile = `'"\\ \u2028\u202e\ufeff\u0085\x7f\t\r\n{{yaml appVersion}} \${x} # é 日本 \u{1f600}\uE000`;

/** Settings that together give each part of a task something else than its default. */
export const eightSettings: readonly { name: string; settings: GivenSettings }[] = [
  { name: "the default", settings: {} },
  {
    name: "a prefix, a log level and a ConfigMap",
    settings: { task: { imageNamePrefix: "registry.example.com:5000/union", logLevel: 3, configMapName: "my-config" } },
  },
  {
    name: "images by digest",
    settings: {
      task: {
        images: {
          buildImage: `registry.example.com/build-image@${digest}`,
          frontend: `registry.example.com/frontend:2026.3.4@${digest}`,
        },
      },
    },
  },
  {
    name: "labels and annotations",
    settings: {
      release: { cluster: "prod-us", namespace: "union", name: "dataplane" },
      task: {
        podTemplate: {
          labels: { team: "platform", "example.com/empty": "" },
          annotations: { "sidecar.istio.io/inject": "false", note: "a\nb" },
        },
      },
    },
  },
  {
    name: "scheduling",
    settings: {
      task: {
        podTemplate: {
          nodeSelector: { "kubernetes.io/arch": "amd64" },
          tolerations: [
            { key: "builds", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
            { key: "pool", operator: "Equal", value: "true", effect: null },
          ],
          serviceAccountName: "image-builder",
          imagePullSecrets: [{ name: "mirror" }, { name: "other.mirror" }],
        },
      },
    },
  },
  {
    name: "resources, and an environment of every source",
    settings: {
      task: {
        podTemplate: {
          resources: { limits: { cpu: 2, memory: "4Gi" }, requests: { cpu: 0.5 }, claims: [{ name: "gpu" }] },
          env: [
            { name: "TZ", value: "UTC" },
            { name: "EMPTY", value: "" },
            { name: "BARE" },
            { name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a", optional: true } } },
            { name: "B", valueFrom: { secretKeyRef: { name: "secrets", key: "b", optional: null } } },
            { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } } },
            { name: "D", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
            { name: "E", valueFrom: { fileKeyRef: { volumeName: "config-volume", path: "env", key: "E" } } },
          ],
        },
      },
    },
  },
  {
    name: "hostile Unicode",
    settings: {
      release: { cluster: hostile, name: `${hostile}/` },
      task: {
        podTemplate: {
          labels: { [hostile]: hostile },
          annotations: { [hostile]: "", "\\": hostile, "\n": hostile },
          nodeSelector: { "\u{1f600}": hostile },
          tolerations: [{ key: hostile, value: hostile }],
          resources: { limits: { [hostile]: "1" }, claims: [{ name: hostile, request: hostile }] },
          env: [{ name: hostile, value: hostile }, ...["~", "- a", "!!str"].map((value) => ({ name: value, value }))],
        },
      },
    },
  },
  { name: "another domain", settings: { task: { domain: "staging" } } },
];
