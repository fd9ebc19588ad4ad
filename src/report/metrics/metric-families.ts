import { oneLine } from "../../network/one-line.ts";

/** A gauge with its samples. */
export interface MetricFamily {
  /** Ends with the unit, if it has one. */
  name: string;
  unit?: "seconds";
  /** One sentence without backslashes, quotation marks and line breaks, so that it requires no escaping. */
  help: string;
  samples: readonly Sample[];
}

/** One value, of the labels that tell it from the others of its family. */
export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/**
 * Families as OpenMetrics text, without the line break at its end. Families without samples are left out. All are gauges, and
 * comments are what is new in OpenMetrics, so the text is also one of Prometheus's older format, which Pushgateway and the textfile
 * collector of node_exporter read.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function openMetrics(families: readonly MetricFamily[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, unit, help, samples }) => [
      `# TYPE ${name} gauge`,
      ...(unit ? [`# UNIT ${name} ${unit}`] : []),
      `# HELP ${name} ${help}`,
      ...samples.map(({ labels = {}, value }) => `${name}${labelSet(labels)} ${value}`),
    ]);
  return [...lines, "# EOF"].join("\n");
}

function labelSet(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Texts of the control plane are made one clean line, which leaves two characters to escape. */
function escaped(value: string): string {
  return oneLine(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
