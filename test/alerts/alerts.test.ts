import { describe, expect, it } from "vitest";
import { type ExposedSample, exposition } from "../../testing/kube-state-metrics/exposition.ts";
import { recordedSnapshots, type Snapshot } from "../../testing/kube-state-metrics/recording.ts";
import { buildFailed, failed, late, name, otherOwner, rulesWith, tested } from "./rendered-alerts.ts";

const snapshots = recordedSnapshots();

interface Situation {
  what: string;
  from: string;
  /** What is different from the recording. */
  changed?: (snapshot: Snapshot) => Snapshot;
  /** Seconds between two times of the schedule; the recorded one is a minute. */
  period?: number;
  renamed?: (text: string) => string;
  /** Minutes for which it is suspended, from the moment of the recording. */
  suspendedFor?: number;
  /** Whether kube-state-metrics exposes our annotations. Another owner's definition stays current after it was recorded. */
  isAllowed?: boolean;
  /** The alerts that fire so long after it was recorded. */
  firing: Readonly<Record<string, readonly string[]>>;
}

const suspend = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  cronJobs: snapshot.cronJobs.map((cronJob) => ({ ...cronJob, spec: { ...cronJob.spec, suspend: true } })),
});
const withoutAnnotations = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  configMaps: snapshot.configMaps.map(({ metadata: { annotations: _, ...metadata } }) => ({ metadata })),
});
const neverSucceeded = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  cronJobs: snapshot.cronJobs.map(({ status: { lastSuccessfulTime: _, ...status }, ...cronJob }) => ({
    ...cronJob,
    status,
  })),
});
const halfAnHour = 1_800;
const sixHours = 21_600;

const situations: readonly Situation[] = [
  { what: "a fresh installation", from: "fresh", firing: { "5m": [], "40m": [] } },
  { what: "one whose schedule is every six hours", from: "fresh", period: sixHours, firing: { "5h": [] } },
  { what: "one that is never run", from: "fresh", firing: { "80m": [late] } },
  { what: "a run that has succeeded", from: "healthy", firing: { "20m": [], "55m": [] } },
  { what: "no further run", from: "healthy", firing: { "80m": [late] } },
  { what: "a schedule of half an hour", from: "healthy", period: halfAnHour, firing: { "59m": [], "80m": [late] } },
  { what: "a schedule of six hours", from: "healthy", period: sixHours, firing: { "6h": [], "13h": [late] } },
  { what: "a run that has failed", from: "failing", firing: { "10m": [], "20m": [failed], "80m": [failed, late] } },
  { what: "runs that have always failed", from: "failing", changed: neverSucceeded, firing: { "20m": [failed] } },
  { what: "a failure that is suspended", from: "failing", changed: suspend, firing: { "20m": [], "9h": [] } },
  { what: "a success after a failure, whose Job is kept", from: "recovered", firing: { "20m": [], "50m": [] } },
  { what: "a suspended schedule", from: "suspended", firing: { "20m": [], "9h": [] } },
  {
    what: "a schedule that was suspended for two hours",
    from: "healthy",
    suspendedFor: 120,
    firing: { "110m": [], "135m": [], "200m": [late] },
  },
  {
    what: "another owner's definition",
    from: "other-owner",
    isAllowed: true,
    firing: { "10m": [], "20m": [otherOwner] },
  },
  { what: "another owner's, not on the allow-list", from: "other-owner", firing: { "20m": [] } },
  { what: "the wanted definition", from: "healthy", isAllowed: true, firing: { "20m": [] } },
  {
    what: "a build that has failed",
    from: "failing",
    renamed: (text) => text.replaceAll(name, `${name}-build`),
    firing: { "5m": [buildFailed], "2h": [buildFailed] },
  },
  {
    what: "the same in another namespace",
    from: "failing",
    renamed: (text) => text.replaceAll('"union"', '"other"'),
    firing: { "80m": [] },
  },
];

describe("the alerts, on what a real cluster had", () => {
  it.each(situations)(
    "of $what: $firing",
    async ({ from, changed, period = 60, renamed, suspendedFor, isAllowed, firing }) => {
      const recorded = snapshots[from];
      if (!recorded) throw new Error(`${from} is not recorded`);
      const exposed = isAllowed ? recorded : withoutAnnotations(recorded);
      const nextTime = (_schedule: string, after: Date) =>
        new Date((Math.floor(after.getTime() / 1000 / period) + 1) * period * 1000);
      const samples = exposition(changed?.(exposed) ?? exposed, nextTime);
      const takenAt = Date.parse(recorded.takenAt) / 1000;
      const test = {
        interval: "1m",
        input_series: samples.flatMap((sample) => series(sample, takenAt, renamed, suspendedFor)),
        promql_expr_test: Object.entries(firing).map(([time, alerts]) => ({
          eval_time: time,
          expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
          exp_samples: alerts.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
        })),
      };
      expect(await tested(await rulesWith({}), [test])).toEqual({ isContent: true, said: expect.any(String) });
    },
  );

  it("say whose the definition is", async () => {
    const rules = await rulesWith({});
    const rule = rules.find(({ alert }) => alert === otherOwner);
    const recorded = snapshots["other-owner"];
    if (!rule || !recorded) throw new Error("there is none");
    const expected = (owner: string, description: string) => ({
      interval: "1m",
      input_series: exposition(recorded, (_schedule, after) => after)
        .filter((sample) => sample.name === "kube_configmap_annotations")
        .flatMap((sample) =>
          series(sample, 0, (text) =>
            owner === "" ? text.replace("other-owner", "manual").replace("prod-eu/union/dataplane", "") : text,
          ),
        ),
      alert_rule_test: [
        {
          eval_time: "20m",
          alertname: otherOwner,
          exp_alerts: [
            {
              exp_labels: {
                severity: "info",
                namespace: "union",
                configmap: "image-builder-registrar-status",
                ...(owner !== "" && { owner }),
              },
              exp_annotations: { ...rule.annotations, description },
            },
          ],
        },
      ],
    });
    const sentence = (whose: string) =>
      `The current build-image is not the one of Helm release reg in namespace union: ${whose}. See: kubectl -n union get configmap image-builder-registrar-status -o jsonpath='{.data.current}'`;
    const owner = "prod-eu/union/dataplane";
    const tests = [expected(owner, sentence(`${owner} owns it`)), expected("", sentence("it was registered manually"))];
    expect(await tested(rules, tests)).toEqual({ isContent: true, said: expect.any(String) });
  });
});

/** Minutes that a series lasts. */
const lasting = 840;

/** A sample as both replicas of kube-state-metrics give it, with time 0 at the moment of the recording. */
function series(
  { name, labels, value, isTime }: ExposedSample,
  takenAt: number,
  renamed = (text: string) => text,
  suspendedFor = 0,
) {
  const usual = `${isTime ? value - takenAt : value}+0x${lasting}`;
  const suspended: Record<string, string> = {
    kube_cronjob_spec_suspend: `1x${suspendedFor} ${usual}`,
    kube_cronjob_next_schedule_time: `_x${suspendedFor} ${usual}`,
  };
  return ["10.0.0.1:8080", "10.0.0.2:8080"].map((instance) => {
    const all = Object.entries({ ...labels, instance, job: "kube-state-metrics" });
    const text = `${name}{${all.map(([label, of]) => `${label}="${of}"`).join(",")}}`;
    return { series: renamed(text), values: suspendedFor > 0 ? (suspended[name] ?? usual) : usual };
  });
}
