import { stringify } from "yaml";
import { chart, leastValues, rendered, type Values, withValues } from "../chart/helm.ts";
import { promtool } from "./promtool.ts";

/** The name of the objects in the recording. */
export const name = "dataplane-image-builder-registrar";
/** The values that render all alerts. */
export const alerting = {
  fullnameOverride: name,
  buildCronJob: { schedule: "@daily" },
  metrics: { prometheusRule: { enabled: true } },
};

/** One alert. */
export interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
interface PrometheusRule {
  kind: string;
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { groups: { rules: Rule[] }[] };
}

/** The rule of an installation whose values differ so from those that render all alerts. */
export async function ruleWith(values: Values): Promise<PrometheusRule | undefined> {
  const objects = await rendered(3, chart, withValues(withValues(leastValues, alerting), values));
  return objects.find(({ kind }) => kind === "PrometheusRule") as PrometheusRule | undefined;
}

/** Its alerts. */
export const rulesWith = async (values: Values) =>
  (await ruleWith(values))?.spec.groups.flatMap(({ rules }) => rules) ?? [];
export const failed = "ImageBuilderRegistrarJobFailed";
export const late = "ImageBuilderRegistrarNotSucceeding";
export const otherOwner = "ImageBuilderRegistrarOtherOwner";
export const buildFailed = "ImageBuilderRegistrarBuildFailed";

/** Runs unit tests of promtool on alerts. */
export async function tested(rules: readonly Rule[], tests: readonly object[]) {
  const files = {
    "rules.yaml": groupOf(rules),
    "tests.yaml": stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests }),
  };
  return await promtool(["test", "rules", "tests.yaml"], files);
}

/** Checks alerts by promtool. */
export const checked = (rules: readonly Rule[]) =>
  promtool(["check", "rules", "rules.yaml"], { "rules.yaml": groupOf(rules) });
const groupOf = (rules: readonly Rule[]) => stringify({ groups: [{ name: "registrar", rules }] });
