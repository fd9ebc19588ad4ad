import { isTime, type Sample } from "../../testing/kube-state-metrics/sample.ts";

export const suspension = "kube_cronjob_spec_suspend";
export const nextTime = "kube_cronjob_next_schedule_time";

/** Minutes that a series lasts. */
const lasting = 840;

/** A series of a unit test of promtool. */
interface InputSeries {
  series: string;
  values: string;
}

/**
 * A sample as both replicas of kube-state-metrics give it, with time 0 at the moment of the recording.
 * @param takenAt that moment, in seconds since 1970
 * @param suspendedFor minutes for which a CronJob is suspended from then on: it has no next time meanwhile
 */
export function series(
  sample: Sample,
  takenAt: number,
  renamed = (text: string) => text,
  suspendedFor = 0,
): InputSeries[] {
  const { name, labels, value } = sample;
  const usual = `${isTime(sample) ? value - takenAt : value}+0x${lasting}`;
  const suspended: Record<string, string> = {
    [suspension]: `1x${suspendedFor} ${usual}`,
    [nextTime]: `_x${suspendedFor} ${usual}`,
  };
  return ["10.0.0.1:8080", "10.0.0.2:8080"].map((instance) => {
    const all = Object.entries({ ...labels, instance, job: "kube-state-metrics" });
    const text = `${name}{${all.map(([label, of]) => `${label}="${of}"`).join(",")}}`;
    return { series: renamed(text), values: suspendedFor > 0 ? (suspended[name] ?? usual) : usual };
  });
}

/** A unit test of promtool: which alerts fire at each time. */
export function firingTest(input: readonly InputSeries[], firing: Readonly<Record<string, readonly string[]>>): object {
  return {
    interval: "1m",
    input_series: input,
    promql_expr_test: Object.entries(firing).map(([time, alerts]) => ({
      eval_time: time,
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      exp_samples: alerts.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
    })),
  };
}
