import type { ProjectOutcome } from "./control-plane/projects.ts";
import type { Registrations } from "./control-plane/registrations.ts";
import type { Definition } from "./definition/definition.ts";
import { firstFreeRevision, versionName } from "./definition/version-name.ts";
import { catalogue, problem, RegistrarError } from "./errors/registrar-error.ts";
import type { DeployOutcome } from "./flyte/deploy.ts";
import { lookUp } from "./look-up.ts";
import { type Decision, plan, type Wanted } from "./plan.ts";
import type { Registration } from "./registration.ts";
import type { Recorder } from "./report/recorder.ts";
import type { Settings } from "./settings/schema.ts";

/** What a registration needs: the wanted definition, and the arrows of the way of the data, each one function. */
export interface RegisterRequest {
  wanted: Wanted;
  definition: Definition;
  settings: Pick<Settings, "trigger" | "policy">;
  dryRun: boolean;
  registrations: Registrations;
  /** Throws where this run must not write any more. */
  ensureNotMovedOn(): Promise<void>;
  ensureProject(): Promise<ProjectOutcome>;
  deploy(version: string): Promise<DeployOutcome>;
  recorder: Recorder;
  signal: AbortSignal;
}

/** How a registration ended. */
export interface RegisterResult {
  state: "registered" | "up-to-date" | "kept" | "planned";
  summary: string;
  previous: Registration | undefined;
  current: Registration | undefined;
}

/** How often a run tries before it calls the control plane unsettled: another writer may win a name twice, not for ever. */
const mostTries = 3;

/**
 * Makes the wanted definition current and proves it: look up, plan, write, look up again, until the plan finds nothing to
 * do. Success is always the read-back's word and never the CLI's, so a run that is overtaken by another of the same
 * definition ends as well as the other, and a CLI that failed after the control plane had stored its work does no harm.
 * @throws {RegistrarError} release-moved-on, registration-newer (whenNewer: fail), registration-unsettled, and what its parts throw
 */
export async function register(request: RegisterRequest): Promise<RegisterResult> {
  const { wanted, dryRun } = request;
  const { registrations, definition, recorder } = request;
  const previous = await lookUp(registrations, definition, recorder, "look up");
  let current = previous;
  const ended = (state: RegisterResult["state"], summary: string) => {
    return { state, summary: `${summary} in ${wanted.scope}`, previous, current };
  };
  for (let tries = 0; ; tries++) {
    const decision = await decide(request, current);
    if (decision.action === "nothing") return ended("up-to-date", `${nameOf(current)} is current`);
    if (decision.action === "keep") return ended("kept", `${nameOf(current)} stays current`);
    if (decision.action === "refuse") throw new RegistrarError(decision.error, catalogue[decision.error.code]);
    if (tries === mostTries) {
      throw problem("registration-unsettled", { scope: wanted.scope, wanted: wanted.appVersion });
    }
    const { version, isFirst } = await freeVersion(request, decision.fromRevision, current);
    // A name that is taken may be another run's work since our look-up: perhaps there is nothing left to do.
    const latest = isFirst ? current : await lookUp(registrations, definition, recorder, "look up");
    if (latest?.version !== current?.version || latest?.isWanted) {
      current = latest;
      continue;
    }
    if (dryRun) return ended("planned", `${version} would be registered`);
    current = await write(request, version);
    if (current?.isWanted) {
      const registered = ended("registered", `${current.version} is current`);
      return previous ? { ...registered, summary: `${registered.summary} (before: ${previous.version})` } : registered;
    }
    if (current?.version === version && !current.signature) {
      throw problem("registration-unsigned", { scope: wanted.scope, current: version });
    }
  }
}

async function decide(
  { wanted, settings, recorder }: RegisterRequest,
  current: Registration | undefined,
): Promise<Decision> {
  return recorder.step(
    "plan",
    () => {
      const decision = plan(wanted, current, settings.trigger, settings.policy);
      if (decision.action === "register" || decision.action === "keep") {
        if (decision.warning) recorder.warn(decision.warning);
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
  const { appVersion } = wanted;
  const isTaken = async (version: string) => (await registrations.version(version)) !== undefined;
  const revision = current ? await firstFreeRevision(appVersion, from, isTaken) : 0;
  return { version: versionName({ appVersion, revision }), isFirst: !current || revision === from };
}

/** Writes one version and reads back what is current then. A failed write whose work is there nevertheless is no failure. */
async function write(request: RegisterRequest, version: string): Promise<Registration | undefined> {
  const { registrations, definition, recorder, signal } = request;
  await request.ensureNotMovedOn();
  await recorder.step("project", request.ensureProject, (outcome) => ({
    status: outcome === "not readable for us" ? "warning" : "ok",
    detail: `the project is ${outcome}`,
  }));
  let failure: unknown;
  try {
    await recorder.step(
      "deploy",
      () => request.deploy(version),
      (outcome) => `flyte deploy says: ${version} ${outcome}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    failure = error;
  }
  const current = await lookUp(registrations, definition, recorder, "verify").catch((error: unknown) => {
    throw failure ?? error;
  });
  if (failure !== undefined && !current?.isWanted) throw failure;
  return current;
}

function nameOf(registration: Registration | undefined): string {
  return registration?.version ?? "nothing";
}
