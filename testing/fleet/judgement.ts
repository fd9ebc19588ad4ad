import { compareAppVersions } from "../../src/definition/version-name.ts";
import { type DataPlane, type Fleet, happen, type Installed, interval, type Registered, type Run } from "./fleet.ts";

/**
 * Rounds of scheduled runs, after the last fault, that may still write. In the first, what faults have left undone is done:
 * who was rolled back unnoticed goes back from its own registration. Whoever ran before it in that round raises in the next
 * one. After it nobody's own registration that it does not want can be current, and a fleet whose runs all only raise has
 * its highest appVersion after a round. A third is needed only where two share a name: one of them may write in the first
 * what the other once failed to write, and the other go back from it in the second.
 */
export const settlingRounds = 3;

/** How a fleet ended. */
export interface Outcome {
  /** Writes of scheduled runs after the settling rounds. */
  quietWrites: number;
  /** Findings that scheduled runs reported after the settling rounds, in all rounds. */
  quietFindings: number;
  /** What broke a promise, each in a sentence. */
  violations: string[];
  /** Scheduled runs of the last round that reported a conflict: it is wrong as long as it lasts. */
  conflicts: number;
  /** Scheduled runs of the last round that stopped, since another installation has their name. */
  refused: number;
}

/** Lets scheduled runs go round with no fault, each round in an order of its own, and judges what has become. */
export async function settle(
  fleet: Fleet,
  quietRounds: number,
  shuffled: (places: number[]) => number[],
): Promise<Outcome> {
  const order = () => shuffled([...fleet.dataPlanes.keys()]);
  // Where runs rely on the last answer, each data plane asks once in as many rounds as that takes.
  const roundsPerQuestion = (fleet.lookAgainAfter ?? interval) / interval;
  for (let settled = 0; settled < settlingRounds * roundsPerQuestion; settled++) await scheduledRound(fleet, order());
  let quietWrites = 0;
  let quietFindings = 0;
  let last: Run[] = [];
  for (let quiet = 0; quiet < quietRounds; quiet++) {
    last = await scheduledRound(fleet, order());
    quietWrites += last.filter(({ wrote }) => wrote !== undefined).length;
    quietFindings += last.filter(({ decision }) => codeOf(decision) !== undefined).length;
  }
  const reporting = (code: string) => last.filter(({ decision }) => codeOf(decision) === code).length;
  return {
    quietWrites,
    quietFindings,
    violations: [
      ...wrongWrites(fleet),
      ...wrongMembers(fleet),
      ...wrongReliance(fleet),
      ...wrongEnd(fleet),
      ...wrongNoise(last),
    ],
    conflicts: reporting("registration-conflict"),
    refused: reporting("owner-not-unique"),
  };
}

/** A scheduled run of each, in this order. */
export async function scheduledRound(fleet: Fleet, order: readonly number[]): Promise<Run[]> {
  fleet.now += interval;
  const from = fleet.runs.length;
  for (const who of order) await happen(fleet, { kind: "schedule", who, fault: "none" });
  return fleet.runs.slice(from);
}

/** "Nobody writes on a schedule but to raise, or to go back from its own." */
function wrongWrites({ runs }: Fleet): string[] {
  const taken = new Map<DataPlane, Set<string>>();
  return runs.flatMap(({ dataPlane, trigger, wanted, before, announced, wrote }) => {
    const own = taken.get(dataPlane) ?? new Set();
    taken.set(dataPlane, own);
    const isOwn = before?.by === dataPlane || (before && own.has(`${before.version} ${before.owner}`));
    const raises = !before || compareAppVersions(before.appVersion, wanted.appVersion) === "older";
    // Where two share a name, what one of them finds under that name it takes for its own, if it is what it wants or if it
    // failed to write that version itself.
    if (before?.owner === wanted.owner && isEqual(before, wanted)) own.add(`${before.version} ${before.owner}`);
    if (announced) own.add(`${announced} ${wanted.owner}`);
    if (trigger !== "schedule" || !wrote || raises || isOwn) return [];
    return [`a scheduled run of ${wanted.owner} replaced ${before?.version}, which another data plane wrote`];
  });
}

/** "A rollback is repaired at once": whoever has written what is current does not rely on an answer from before. */
function wrongReliance({ reliances }: Fleet): string[] {
  return reliances.flatMap(({ dataPlane, wanted, before }) =>
    !before || before.by !== dataPlane || isMember(wanted) || isEqual(before, wanted)
      ? []
      : [
          `a scheduled run of ${wanted.owner} asked nothing, and its own ${before.version}, which it has left, is current`,
        ],
  );
}

/** "Members never write, and raise nothing as long as something is registered." */
function wrongMembers({ runs }: Fleet): string[] {
  return runs.flatMap(({ trigger, wanted, before, decision, announced }) => {
    if (!isMember(wanted)) return [];
    const code = codeOf(decision);
    return [
      ...(announced === undefined ? [] : [`member ${wanted.owner} wrote ${announced}`]),
      ...(before && code !== undefined ? [`member ${wanted.owner} reported ${code} (${trigger})`] : []),
    ];
  });
}

/**
 * "The highest appVersion that any data plane runs is current, and whoever wrote it runs it; within it, the settings of
 * whoever last installed, upgraded or changed it." Where something lower was registered meanwhile, that is whoever raised it
 * again: nobody remembers who was last before. A data plane that is uninstalled registers nothing, so fleets here only grow.
 * Members do not count; what one of them registered as an owner stays until an owner raises it.
 */
function wrongEnd(fleet: Fleet): string[] {
  const current = fleet.registrations.at(-1);
  if (!current) return fleet.dataPlanes.every(({ installed }) => isMember(installed)) ? [] : ["nothing is registered"];
  const { version, appVersion, settings, owner, by } = current;
  const higher = fleet.dataPlanes.find(
    ({ installed }) => !isMember(installed) && compareAppVersions(installed.appVersion, appVersion) === "newer",
  );
  if (higher) return [`${version} is current, and ${higher.installed.appVersion} runs`];
  if (isMember(by.installed)) return [];
  if (!isEqual(by.installed, current)) return [`${version} is current, and ${owner}, which wrote it, has left it`];
  const claimed = lastSettings(fleet.runs, appVersion);
  return claimed === settings
    ? []
    : [`${version} is current with settings ${settings}, and the last who changed it has ${claimed}`];
}

/** The settings of who last installed, upgraded or changed that appVersion, or made it current again by a scheduled run. */
function lastSettings(runs: readonly Run[], appVersion: string): string | undefined {
  const last = runs.findLast(
    ({ trigger, wanted, decision, wrote }) =>
      wrote ||
      (trigger !== "schedule" &&
        !isMember(wanted) &&
        wanted.appVersion === appVersion &&
        decision.action !== "register"),
  );
  return last?.wanted.appVersion === appVersion ? last.wanted.settings : undefined;
}

/** A newer registration of another is how most of a fleet stands: said once, and not in each round. */
function wrongNoise(last: readonly Run[]): string[] {
  return ["registration-newer", "registration-incomparable"].flatMap((code) => {
    const noisy = last.filter(({ decision }) => codeOf(decision) === code);
    return noisy.length === 0 ? [] : [`${noisy.length} scheduled runs of one round reported ${code} again`];
  });
}

function codeOf(decision: Run["decision"]): string | undefined {
  return "error" in decision ? decision.error.code : "warning" in decision ? decision.warning?.code : undefined;
}

function isMember({ role }: Pick<Installed, "role">): boolean {
  return role === "member";
}

function isEqual(one: Pick<Registered, "appVersion" | "settings">, other: typeof one): boolean {
  return one.appVersion === other.appVersion && one.settings === other.settings;
}
