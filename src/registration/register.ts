import type { ProjectOutcome } from "../control-plane/projects.ts";
import type { DeployOutcome, Registrations } from "../control-plane/registrations.ts";
import type { Definition } from "../definition/definition.ts";
import { firstFreeRevision, versionName } from "../definition/version-name.ts";
import { finding } from "../findings/finding.ts";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import type { Recorder } from "../report/recorder.ts";
import { longestVersion } from "../settings/field-types.ts";
import type { Settings } from "../settings/schema.ts";
import type { Decision, Remembered, Wanted } from "./decision.ts";
import { describeDifferences } from "./judge.ts";
import { lookUp } from "./look-up.ts";
import { needsMemory, plan } from "./plan.ts";
import { ownerOf, type Registration } from "./registration.ts";

/** What a registration needs: the wanted definition, and one function for each effect. */
export interface RegisterRequest {
  wanted: Wanted;
  definition: Definition;
  settings: Pick<Settings, "trigger" | "policy" | "release">;
  dryRun: boolean;
  registrations: Pick<Registrations, "current" | "isTaken">;
  /** Reads what earlier runs have noted in the status ConfigMap; called only if the plan depends on it. */
  remember(): Promise<Remembered>;
  /** Notes in the status ConfigMap what this run is about to register, so that later runs know even if this one is killed. */
  announce(version: string): Promise<void>;
  /** Throws release-moved-on if this run must not write any more. */
  ensureNotMovedOn(): Promise<void>;
  ensureProject(): Promise<ProjectOutcome>;
  deploy(version: string): Promise<DeployOutcome>;
  recorder: Recorder;
  signal: AbortSignal;
}

/** How a registration ended. */
export interface RegisterResult {
  state: "registered" | "up-to-date" | "kept" | "planned" | "observed" | "unchanged";
  summary: string;
  previous: Registration | undefined;
  current: Registration | undefined;
}

/** Writes of one run: another writer may take a name twice, but not forever. */
const maximalWrites = 3;

/**
 * Makes the wanted definition current and proves it: look up, plan, write, look up again, until the plan finds nothing to
 * do. Only the read-back decides whether it worked, so a run that is overtaken by another of the same definition ends as
 * well as the other, and a write whose answer was lost does no harm.
 * @throws {RegistrarError} release-moved-on, registration-newer (whenNewer: fail), owner-not-unique, registration-altered,
 * registration-unsettled, of a member registration-missing and member-never-registers, and what its parts throw
 */
export async function register(request: RegisterRequest): Promise<RegisterResult> {
  const { wanted, dryRun } = request;
  const { registrations, definition, recorder } = request;
  const previous = await lookUp(registrations, definition, recorder, "look up");
  let current = previous;
  const ended = (state: RegisterResult["state"], summary: string) => {
    return { state, summary: `${summary} in ${wanted.scope}`, previous, current };
  };
  for (let writes = 0; ; writes++) {
    const decision = await decide(request, current);
    if (decision.action === "nothing") return ended("up-to-date", `${nameOf(current)} is current`);
    if (decision.action === "observe") return ended(decision.isNews ? "observed" : "unchanged", observedText(current));
    if (decision.action === "keep") return ended("kept", `${nameOf(current)} stays current`);
    if (decision.action === "refuse") throw new RegistrarError(decision.error);
    if (writes === maximalWrites) {
      throw problem("registration-unsettled", { scope: wanted.scope, wanted: wanted.appVersion });
    }
    const { version, isFirst } = await freeVersion(request, decision.fromRevision, current);
    // If the name is taken, another run may have registered since our lookup, perhaps this very definition.
    const latest = isFirst ? current : await lookUp(registrations, definition, recorder, "look up");
    if (latest?.version !== current?.version) {
      current = latest;
      continue;
    }
    if (dryRun) return ended("planned", `${version} would be registered`);
    const written = await write(request, version);
    current = written.current;
    if (current?.isWanted) {
      const registered = ended("registered", `${current.version} is current`);
      return previous ? { ...registered, summary: `${registered.summary} (before: ${previous.version})` } : registered;
    }
    // "already there": another run, or a person, has written under this name.
    if (current?.version === version && written.outcome === "registered") ensureUnaltered(current, wanted);
  }
}

async function decide(request: RegisterRequest, current: Registration | undefined): Promise<Decision> {
  const { wanted, settings, recorder } = request;
  const { trigger, policy } = settings;
  return recorder.step(
    "plan",
    async () => {
      const remembered = needsMemory(wanted, current, trigger, policy) ? await request.remember() : {};
      const decision = plan(wanted, current, trigger, policy, remembered);
      if ((decision.action === "register" || decision.action === "keep") && decision.warning) {
        recorder.warn(decision.warning);
      }
      return decision;
    },
    ({ action, reason }) => ({
      status: action === "keep" || action === "refuse" ? "warning" : "ok",
      detail: `${planned[action]}, because ${reason}`,
    }),
  );
}

const planned = {
  nothing: "write nothing",
  observe: "write nothing",
  register: "register",
  keep: "keep what is current",
  refuse: "stop",
} as const;

/** The first free name from that revision on, and whether it is that revision's own. */
async function freeVersion(
  { wanted, registrations }: RegisterRequest,
  from: number,
  current: Registration | undefined,
): Promise<{ version: string; isFirst: boolean }> {
  const { appVersion, scope } = wanted;
  const revision = current ? await firstFreeRevision(appVersion, from, registrations.isTaken) : 0;
  if (revision === undefined) throw problem("lookup-contradicts", { scope, version: appVersion, fault: "all-taken" });
  const version = versionName({ appVersion, revision });
  if (version.length > longestVersion) throw problem("version-too-long", { scope, version, longest: longestVersion });
  return { version, isFirst: !current || revision === from };
}

/** Writes one version and reads back what is current then. A write that fails after the control plane has stored it counts as done. */
async function write(
  request: RegisterRequest,
  version: string,
): Promise<{ current: Registration | undefined; outcome: DeployOutcome | undefined }> {
  const { registrations, definition, recorder, signal, settings, wanted } = request;
  await request.ensureNotMovedOn();
  if (settings.release.cluster === "")
    recorder.warn(finding("warning", "cluster-name-missing", { owner: wanted.owner }));
  await recorder.step("project", request.ensureProject, (outcome) => ({
    status: outcome === "not readable for us" ? "warning" : "ok",
    detail: `the project is ${outcome}`,
  }));
  await request.announce(version);
  let failure: unknown;
  let outcome: DeployOutcome | undefined;
  try {
    outcome = await recorder.step(
      "deploy",
      () => {
        recorder.learn({ current: undefined });
        return request.deploy(version);
      },
      (done) => `${version} ${done}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    failure = error;
  }
  const current = await lookUp(registrations, definition, recorder, "verify").catch((error: unknown) => {
    throw failure ?? error;
  });
  if (failure !== undefined && !current?.isWanted) throw failure;
  return { current, outcome };
}

/**
 * Stops if a server stores something other than was sent: every run would write again.
 * @throws {RegistrarError} registration-altered, unless another Helm release has written the same version
 */
function ensureUnaltered(current: Registration, { scope, owner }: Wanted): void {
  if (current.ownership && current.ownership.owner !== owner) return;
  throw problem("registration-altered", { scope, current: current.version }, describeDifferences(current));
}

/** What a member says of the current registration, to go before "in system/production". */
export function observedText(current: Registration | undefined): string {
  return `${nameOf(current)}${current ? `, registered ${ownerOf(current)},` : ""} is what this member runs`;
}

function nameOf(registration: Registration | undefined): string {
  return registration?.version ?? "nothing";
}
