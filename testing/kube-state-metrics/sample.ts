/** A sample of kube-state-metrics. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Whether its value is a time, in seconds since 1970. */
export function isTime({ name }: Sample): boolean {
  return /_(created|time)$/.test(name);
}

/**
 * Reads what kube-state-metrics serves at /metrics.
 * Source: Prometheus' text format, in which the value of a label is quoted, with `\"`, `\\` and `\n` in it
 */
export function parseSamples(text: string): Sample[] {
  return Array.from(text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm), ([, name = "", labels = "", value]) => ({
    name,
    labels: Object.fromEntries(
      Array.from(labels.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g), ([, label, quoted = ""]) => [
        label,
        JSON.parse(quoted),
      ]),
    ),
    value: Number(value),
  }));
}
