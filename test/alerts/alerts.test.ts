import { describe, expect, it } from "vitest";
import { annotationsMetric, recordedSnapshots } from "../../testing/kube-state-metrics/recording.ts";
import type { Sample } from "../../testing/kube-state-metrics/sample.ts";
import { buildFailed, failed, late, name, otherOwner, rulesWith, tested } from "./rendered-alerts.ts";
import { firingTest, nextTime, series, suspension } from "./series.ts";

const snapshots = recordedSnapshots();

interface Situation {
  what: string;
  from: string;
  /** What is different from the recording. */
  changed?: (samples: readonly Sample[]) => Sample[];
  renamed?: (text: string) => string;
  /** Minutes for which it is suspended, from the moment of the recording. */
  suspendedFor?: number;
  /** Whether kube-state-metrics exposes our annotations. Another owner's definition stays current after it was recorded. */
  isAllowed?: boolean;
  /** The alerts that fire so long after it was recorded. */
  firing: Readonly<Record<string, readonly string[]>>;
}

const lastSuccess = "kube_cronjob_status_last_successful_time";
const without =
  (pattern: RegExp) =>
  (samples: readonly Sample[]): Sample[] =>
    samples.filter((sample) => !pattern.test(sample.name));
/** As the recording of a suspended schedule has it: without a next time. */
const suspend = (samples: readonly Sample[]): Sample[] =>
  without(new RegExp(nextTime))(samples).map((sample) =>
    sample.name === suspension ? { ...sample, value: 1 } : sample,
  );
/** The same schedule with longer periods; the recorded one is a minute. */
const every =
  (seconds: number) =>
  (samples: readonly Sample[]): Sample[] =>
    samples.map((sample) => (sample.name === nextTime ? { ...sample, value: sample.value - 60 + seconds } : sample));
const neverSucceeded = without(new RegExp(lastSuccess));
/** What OpenShift's own kube-state-metrics serves: its --metric-denylist has `kube_.+_created` (cluster-monitoring-operator). */
const onOpenShift = without(/^kube_.+_created$/);
/** Jobs with ttlSecondsAfterFinished are gone. */
const withoutJobs = without(/^kube_job_/);
const halfAnHour = 1_800;
const sixHours = 21_600;

const situations: readonly Situation[] = [
  { what: "a fresh installation", from: "fresh", firing: { "5m": [], "40m": [] } },
  { what: "one whose schedule is every six hours", from: "fresh", changed: every(sixHours), firing: { "5h": [] } },
  { what: "one that is never run", from: "fresh", firing: { "80m": [late] } },
  { what: "a run that has succeeded", from: "healthy", firing: { "20m": [], "55m": [] } },
  { what: "no further run", from: "healthy", firing: { "80m": [late] } },
  {
    what: "a schedule of half an hour",
    from: "healthy",
    changed: every(halfAnHour),
    firing: { "59m": [], "80m": [late] },
  },
  { what: "a schedule of six hours", from: "healthy", changed: every(sixHours), firing: { "6h": [], "13h": [late] } },
  { what: "a run that has failed", from: "failing", firing: { "10m": [], "20m": [failed], "80m": [failed, late] } },
  { what: "runs that have always failed", from: "failing", changed: neverSucceeded, firing: { "20m": [failed] } },
  { what: "a failed run whose Job is deleted", from: "failing", changed: withoutJobs, firing: { "20m": [failed] } },
  { what: "a failed run on OpenShift", from: "failing", changed: onOpenShift, firing: { "20m": [failed] } },
  {
    what: "runs on OpenShift that have always failed",
    from: "failing",
    changed: (samples) => onOpenShift(neverSucceeded(samples)),
    firing: { "20m": [failed] },
  },
  { what: "a failure that is suspended", from: "failing", changed: suspend, firing: { "20m": [], "9h": [] } },
  { what: "a success after a failure, whose Job is kept", from: "recovered", firing: { "20m": [], "50m": [] } },
  { what: "a suspended schedule", from: "suspended", firing: { "20m": [], "9h": [] } },
  {
    what: "a schedule that was suspended for two hours",
    from: "healthy",
    suspendedFor: 120,
    firing: { "110m": [], "175m": [], "200m": [late] },
  },
  {
    what: "a schedule of six hours that was suspended for nine",
    from: "healthy",
    changed: (samples) => every(sixHours)(samples),
    suspendedFor: 540,
    firing: { "680m": [] },
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
    firing: { "15m": [], "25m": [buildFailed], "2h": [buildFailed] },
  },
  {
    what: "the same in another namespace",
    from: "failing",
    renamed: (text) => text.replaceAll('"union"', '"other"'),
    firing: { "80m": [] },
  },
];

describe("the alerts, on what a real cluster had", () => {
  it.each(situations)("of $what: $firing", async ({ from, changed, renamed, suspendedFor, isAllowed, firing }) => {
    const recorded = snapshots[from];
    if (!recorded) throw new Error(`${from} is not recorded`);
    const samples = isAllowed ? recorded.withAllowList : recorded.samples;
    const takenAt = recorded.takenAt.getTime() / 1000;
    const inputSeries = (changed?.(samples) ?? samples).flatMap((sample) =>
      series(sample, takenAt, renamed, suspendedFor),
    );
    const test = firingTest(inputSeries, firing);
    expect(await tested(await rulesWith({}), [test])).toEqual({ isContent: true, said: expect.any(String) });
  });

  it("say whose the definition is", async () => {
    const rules = await rulesWith({});
    const rule = rules.find(({ alert }) => alert === otherOwner);
    const recorded = snapshots["other-owner"];
    if (!rule || !recorded) throw new Error("there is none");
    const expected = (owner: string, description: string) => ({
      interval: "1m",
      input_series: recorded.withAllowList
        .filter((sample) => sample.name === annotationsMetric)
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
