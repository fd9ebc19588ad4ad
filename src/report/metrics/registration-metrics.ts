import { parseVersionName } from "../../definition/version-name.ts";
import type { RecordedRun, RunReport } from "../run-report.ts";
import { failedStates } from "../run-states.ts";
import { type MetricFamily, openMetrics, type Sample } from "./metric-families.ts";

const prefix = "image_builder_registrar_";

/**
 * What a run has found and how runs ended, as OpenMetrics text. Moments are given as such, so that the text stays right however
 * late it is read: the age of the current registration is `time() - image_builder_registrar_current_registered_timestamp_seconds`.
 * Labels have values of the catalog and the settings, or of the one current registration.
 * @param runs newest first; of several with one trigger, which a person may have written, the first counts
 */
export function registrationMetrics(report: RunReport, runs: readonly RecordedRun[]): string {
  return openMetrics([
    gauge("build_info", "The version of the program that wrote this.", [{ version: report.program.version }]),
    ...wantedFamilies(report),
    ...currentFamilies(report),
    ...runFamilies(runs.filter(({ trigger }, index) => runs.findIndex((run) => run.trigger === trigger) === index)),
    findingFamily(report),
  ]);
}

function wantedFamilies({ subject }: RunReport): MetricFamily[] {
  const { appVersion = "", project = "", domain = "", release = "" } = subject ?? {};
  const labels = { app_version: appVersion, project, domain, owner: release };
  return [gauge("wanted_info", "What the settings require to be current.", subject ? [labels] : [])];
}

/** None if the run does not know what is current. */
function currentFamilies({ current, subject }: RunReport): MetricFamily[] {
  if (current === undefined) return [];
  const owner = current?.registeredBy ?? "";
  const isOwn = owner !== "" && owner === subject?.release;
  const flags = [
    {
      ...named("current_is_wanted", "Whether the definition of the settings is current; 0 if nothing is registered."),
      samples: [flag(current?.isWanted ?? false)],
    },
    { ...named("current_is_own", "Whether this Helm release owns it."), samples: [flag(isOwn)] },
  ];
  if (!current) return flags;
  const { version, appVersion, registeredAt } = current;
  const registered = registeredAt === undefined ? [] : [{ value: secondsOf(registeredAt) }];
  return [
    gauge("current_info", "The current registration; without an owner if it was registered manually.", [
      { version, app_version: appVersion, owner },
    ]),
    ...flags,
    {
      ...named("current_revision", "How often its appVersion was registered again before it; 0 for the first."),
      samples: [{ value: parseVersionName(version).revision }],
    },
    { ...inSeconds("current_registered_timestamp_seconds", "When it was registered."), samples: registered },
  ];
}

function runFamilies(runs: readonly RecordedRun[]): MetricFamily[] {
  const samples = (read: (run: RecordedRun) => number | undefined): Sample[] =>
    runs.flatMap((run) => {
      const value = read(run);
      return value === undefined ? [] : [{ labels: { trigger: run.trigger }, value }];
    });
  const infos = runs.map(({ trigger, command, state, codes }) => ({
    trigger,
    command,
    result: state,
    code: codes[0] ?? "",
  }));
  return [
    gauge("last_run_info", "How the last run of a trigger ended, with the code of its first finding.", infos),
    {
      ...named("last_run_success", "Whether the last run of a trigger did what it is for."),
      samples: samples(({ state }) => (failedStates.has(state) ? 0 : 1)),
    },
    {
      ...inSeconds("last_run_timestamp_seconds", "When the last run of a trigger ended."),
      samples: samples(({ time }) => secondsOf(time)),
    },
    {
      ...inSeconds("last_run_duration_seconds", "How long the last run of a trigger took."),
      samples: samples(({ milliseconds }) => milliseconds && milliseconds / 1000),
    },
  ];
}

/** Findings with one code are one sample: two of the same labels would not be valid. */
function findingFamily({ findings }: RunReport): MetricFamily {
  const counts = new Map<string, Sample>();
  for (const { code, severity } of findings) {
    const before = counts.get(`${code} ${severity}`)?.value ?? 0;
    counts.set(`${code} ${severity}`, { labels: { code, severity }, value: before + 1 });
  }
  return { ...named("findings", "Findings of the run that wrote this, by code."), samples: [...counts.values()] };
}

/** A family whose samples say something by their labels. */
function gauge(name: string, help: string, labelSets: readonly Readonly<Record<string, string>>[]): MetricFamily {
  return { ...named(name, help), samples: labelSets.map((labels) => ({ labels, value: 1 })) };
}

function named(name: string, help: string): Pick<MetricFamily, "name" | "help"> {
  return { name: `${prefix}${name}`, help };
}

function inSeconds(name: string, help: string): Pick<MetricFamily, "name" | "help" | "unit"> {
  return { ...named(name, help), unit: "seconds" };
}

function flag(isSo: boolean): Sample {
  return { value: isSo ? 1 : 0 };
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}
