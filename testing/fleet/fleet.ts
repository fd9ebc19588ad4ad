import { confirmationOf, confirmedIn } from "../../src/cluster/confirmation.ts";
import { announcement, rememberedIn, statusOf } from "../../src/cluster/status-config-map.ts";
import { firstFreeRevision, versionName } from "../../src/definition/version-name.ts";
import type { Decision } from "../../src/registration/decision.ts";
import { needsMemory, plan } from "../../src/registration/plan.ts";
import type { Registration } from "../../src/registration/registration.ts";
import type { RunReport } from "../../src/report/run-report.ts";
import type { Policy, Trigger } from "../../src/settings/schema.ts";
import { described } from "../findings/described.ts";
import { reportWith } from "../findings/sample-reports.ts";

/** What a Helm release has installed; `settings` stands for everything in its definition except the appVersion. */
export interface Installed {
  appVersion: string;
  settings: string;
  /** The Helm release that it says it is: a value like others, so it may change and go back; two may say the same. */
  owner: string;
  /** Whether it registers; owner unless given. */
  role?: Policy["role"];
}

/** How a data plane enters a fleet. */
export interface Member extends Installed {
  whenNewer: Policy["whenNewer"];
}

/** One data plane. */
export interface DataPlane {
  whenNewer: Policy["whenNewer"];
  installed: Installed;
  /** What Helm can go back to, the latest last. */
  earlier: Installed[];
  /** Its status ConfigMap. */
  status: Record<string, string>;
}

/** One version on the control plane. */
export interface Registered extends Installed {
  version: string;
  /** Who really wrote it: what no control plane knows where two share a name. */
  by: DataPlane;
}

/**
 * What goes wrong around a run: it does not take place, its write fails, it is killed before or after its write, its status
 * is away before its end.
 */
export type Fault = "none" | "skipped" | "write fails" | "killed before its write" | "killed" | "status unreadable";

/** A run that took place. */
export interface Run {
  dataPlane: DataPlane;
  trigger: Trigger;
  wanted: Installed;
  before: Registered | undefined;
  decision: Decision;
  /** The version that it was about to write. */
  announced: string | undefined;
  wrote: Registered | undefined;
}

/** A scheduled run that asked nothing, since it relied on the last answer. */
interface Reliance {
  dataPlane: DataPlane;
  wanted: Installed;
  /** What was current. */
  before: Registered | undefined;
}

/** How scheduled runs of a fleet are. */
export interface Schedule {
  /** Milliseconds for which they rely on the last answer; each asks unless given. */
  lookAgainAfter?: number | undefined;
}

/** Milliseconds from one scheduled run of a data plane to the next. */
export const interval = 600_000;

/** Data planes of one control plane, and all that happened so far. */
export interface Fleet extends Schedule {
  /** Milliseconds since it was installed. */
  now: number;
  dataPlanes: DataPlane[];
  /** In the order in which they were made: the last one is current. */
  registrations: Registered[];
  names: Set<string>;
  runs: Run[];
  reliances: Reliance[];
}

/** What happens to the data plane at that place. Only `schedule` leaves what is installed as it is. */
export type Event = { who: number; fault: Fault } & (
  | { kind: "upgrade"; to: Partial<Installed> }
  /** Helm runs no hook after a rollback unless asked: then the next scheduled run is the first to see it. */
  | { kind: "rollback"; hook: boolean }
  | { kind: "schedule" }
);

/** A fleet whose members are installed, one after another. */
export async function installFleet(members: readonly Member[], schedule: Schedule = {}): Promise<Fleet> {
  const dataPlanes = members.map(
    ({ whenNewer, ...installed }): DataPlane => ({ whenNewer, installed, earlier: [], status: {} }),
  );
  const fleet: Fleet = {
    ...schedule,
    now: 0,
    dataPlanes,
    registrations: [],
    names: new Set(),
    runs: [],
    reliances: [],
  };
  for (const dataPlane of dataPlanes) await run(fleet, dataPlane, "install", "none");
  return fleet;
}

/** Lets an event happen. */
export async function happen(fleet: Fleet, event: Event): Promise<void> {
  const dataPlane = fleet.dataPlanes[event.who % fleet.dataPlanes.length];
  if (!dataPlane) return;
  const { installed, earlier } = dataPlane;
  switch (event.kind) {
    case "upgrade":
      earlier.push(installed);
      dataPlane.installed = { ...installed, ...event.to };
      return run(fleet, dataPlane, "upgrade", event.fault);
    case "rollback":
      dataPlane.installed = earlier.pop() ?? installed;
      return event.hook ? run(fleet, dataPlane, "rollback", event.fault) : undefined;
    case "schedule":
      return run(fleet, dataPlane, "schedule", event.fault);
  }
}

/** One run, as `register` does it, alone on the control plane. */
async function run(fleet: Fleet, dataPlane: DataPlane, trigger: Trigger, fault: Fault): Promise<void> {
  if (fault === "skipped") return;
  const { whenNewer, installed } = dataPlane;
  const wanted = { appVersion: installed.appVersion, owner: installed.owner, scope: "system/production" };
  const before = fleet.registrations.at(-1);
  if (trigger === "schedule" && relies(fleet, dataPlane, fault)) {
    fleet.reliances.push({ dataPlane, wanted: installed, before });
    return;
  }
  const current = before && seenBy(dataPlane, before);
  const policy = { role: installed.role ?? "owner", whenNewer, force: false };
  const remembered = !needsMemory(wanted, current, trigger, policy)
    ? {}
    : fault === "status unreadable"
      ? { unknown: "it cannot be read" }
      : rememberedIn(dataPlane.status);
  const decision = plan(wanted, current, trigger, policy, remembered);
  const isWriting = decision.action === "register";
  const next = isWriting ? await announce(fleet, dataPlane, decision.fromRevision, fault) : undefined;
  const wrote = fault === "write fails" || fault === "killed before its write" ? undefined : next;
  if (wrote) store(fleet, wrote);
  fleet.runs.push({ dataPlane, trigger, wanted: installed, before, decision, announced: next?.version, wrote });
  if (fault === "killed" || fault === "killed before its write") return;
  const after = isWriting ? wrote : decision.action === "refuse" ? undefined : before;
  tellStatus(fleet, dataPlane, trigger, endOf(decision, after), after);
}

/** Whether a scheduled run relies on the last answer; it cannot where it cannot read its status. */
function relies({ lookAgainAfter, now }: Fleet, { installed, status }: DataPlane, fault: Fault): boolean {
  if (lookAgainAfter === undefined || fault === "status unreadable") return false;
  return confirmedIn(status, questionOf(installed), lookAgainAfter, new Date(now)) !== undefined;
}

/** What a data plane asks: all that it has installed. */
function questionOf(installed: Installed): string {
  return JSON.stringify(installed);
}

/** How a run reports that it ended, as far as its status depends on it. */
function endOf(decision: Decision, after: Registered | undefined): Pick<RunReport, "state" | "exitCode" | "findings"> {
  if (decision.action === "refuse") return { state: "failed", exitCode: 1, findings: [described(decision.error)] };
  const findings = "warning" in decision && decision.warning ? [described(decision.warning)] : [];
  if (!after) return { state: "failed", exitCode: 1, findings };
  const { action } = decision;
  return { state: states[action], exitCode: 0, findings };
}

const states = { register: "registered", nothing: "up-to-date", observe: "observed", keep: "kept" } as const;

/** Notes in the status what is about to be written. */
async function announce(fleet: Fleet, by: DataPlane, fromRevision: number, fault: Fault): Promise<Registered> {
  const { appVersion } = by.installed;
  const revision = await firstFreeRevision(appVersion, fromRevision, async (name) => fleet.names.has(name));
  if (revision === undefined) throw new Error("a fleet has no million revisions");
  const registered = { ...by.installed, version: versionName({ appVersion, revision }), by };
  if (fault !== "status unreadable") Object.assign(by.status, announcement(by.status, registered));
  return registered;
}

function store({ names, registrations }: Fleet, registered: Registered): void {
  names.add(registered.version);
  registrations.push(registered);
}

/** Patches the status as a run does at its end; one that failed or was refused does not say what is current. */
function tellStatus(
  { now, lookAgainAfter }: Fleet,
  dataPlane: DataPlane,
  trigger: Trigger,
  end: ReturnType<typeof endOf>,
  after: Registered | undefined,
): void {
  const { subject } = reportWith({}, trigger);
  const found = after && seenBy(dataPlane, after);
  const report = reportWith({
    ...end,
    ...(subject && { subject: { ...subject, release: dataPlane.installed.owner } }),
    ...(found && {
      current: {
        version: found.version,
        appVersion: found.appVersion,
        isWanted: found.isWanted,
        ...(found.ownership && { registeredBy: found.ownership.owner }),
      },
    }),
  });
  const question = lookAgainAfter === undefined ? undefined : questionOf(dataPlane.installed);
  const time = new Date(now);
  Object.assign(dataPlane.status, statusOf(report, time), confirmationOf(report, time, question));
}

function seenBy({ installed }: DataPlane, { version, appVersion, settings, owner }: Registered): Registration {
  return {
    version,
    appVersion,
    ownership: { owner, appVersion },
    registeredAt: undefined,
    deployedBy: "",
    differences: [],
    isWanted: appVersion === installed.appVersion && settings === installed.settings,
  };
}
