import { announcement, rememberedIn, statusOf } from "../../src/cluster/status-config-map.ts";
import { firstFreeRevision, versionName } from "../../src/definition/version-name.ts";
import type { Decision } from "../../src/registration/decision.ts";
import { needsMemory, plan } from "../../src/registration/plan.ts";
import type { Registration } from "../../src/registration/registration.ts";
import type { Policy, Trigger } from "../../src/settings/schema.ts";
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

/** Data planes of one control plane, and all that happened so far. */
export interface Fleet {
  dataPlanes: DataPlane[];
  /** In the order in which they were made: the last one is current. */
  registrations: Registered[];
  names: Set<string>;
  runs: Run[];
}

/** What happens to the data plane at that place. Only `schedule` leaves what is installed as it is. */
export type Event = { who: number; fault: Fault } & (
  | { kind: "upgrade"; to: Partial<Installed> }
  /** Helm runs no hook after a rollback unless asked: then the next scheduled run is the first to see it. */
  | { kind: "rollback"; hook: boolean }
  | { kind: "schedule" }
);

/** A fleet whose members are installed, one after another. */
export async function installFleet(members: readonly Member[]): Promise<Fleet> {
  const dataPlanes = members.map(
    ({ whenNewer, ...installed }): DataPlane => ({ whenNewer, installed, earlier: [], status: {} }),
  );
  const fleet: Fleet = { dataPlanes, registrations: [], names: new Set(), runs: [] };
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
  tellStatus(dataPlane, trigger, isWriting ? wrote : decision.action === "refuse" ? undefined : before);
}

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
function tellStatus(dataPlane: DataPlane, trigger: Trigger, after: Registered | undefined): void {
  const { subject } = reportWith({}, trigger);
  const found = after && seenBy(dataPlane, after);
  const report = reportWith({
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
  Object.assign(dataPlane.status, statusOf(report, new Date(0)));
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
