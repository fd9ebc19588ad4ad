import { tokenCommand } from "../control-plane/auth/token-command.ts";
import type { Registrations } from "../control-plane/registrations.ts";
import { createSession } from "../control-plane/session.ts";
import type { Definition } from "../definition/definition.ts";
import type { Redactor } from "../report/redaction.ts";
import type { ControlPlaneTarget, Invocation } from "../settings/load.ts";
import type { Settings } from "../settings/schema.ts";
import { buildkitChecks } from "./buildkit/buildkit-checks.ts";
import type { CheckWorld } from "./check-context.ts";
import { controlPlaneChecks } from "./control-plane/control-plane-checks.ts";
import { dataPlaneChecks } from "./data-plane/data-plane-checks.ts";
import { type Category, type CheckResult, createSuite } from "./engine/suite.ts";
import { identityChecks } from "./identity/identity-checks.ts";
import { registrationChecks } from "./registration/registration-checks.ts";
import { flyteCheck, settingsChecks } from "./settings/settings-checks.ts";

/** Milliseconds within which a run of all checks ends, whatever does not answer. */
const runDeadline = 30_000;

/** Milliseconds for which a request of a check is retried; `--wait` repeats the checks themselves. */
const giveUpAfter = 4_000;

/** What the checks have found by the time that they ended; absent where a check for it failed. */
export interface Found {
  settings: Settings | undefined;
  definition: Definition | undefined;
  registrations: Registrations | undefined;
}

/** Which checks to run, and who hears of it. */
export interface ChecksRequest {
  /** These, and what they need. */
  chosen: readonly Category[];
  signal: AbortSignal;
  /** Is told of each in the fixed order. */
  onResult(result: CheckResult): void;
  /** Is given what was found after the last check, while the sessions are still open. */
  afterwards?: (found: Found) => Promise<void>;
}

/** Runs checks once, side by side as far as they do not need each other. */
export async function runChecks(
  { chosen, signal, onResult, afterwards }: ChecksRequest,
  invocation: Invocation,
  world: CheckWorld,
  redactor: Redactor,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const openSession = (target: ControlPlaneTarget) => {
    const runCommand = tokenCommand(world.runProcess, world.environment, world.temporaryFolder);
    const session = createSession(target, {
      clock: world.clock,
      signal,
      giveUpAfterMilliseconds: giveUpAfter,
      runCommand,
      protect: redactor.protect,
    });
    opened.defer(async () => session.close());
    return session;
  };
  const suite = createSuite(AbortSignal.any([signal, AbortSignal.timeout(runDeadline)]), world.clock);
  const { given, target, definition } = settingsChecks(suite, invocation, world, redactor);
  const settings = (await given.ended()).value?.of.settings;
  if (settings?.task.deployWith === "flyte") {
    const flyteCli = flyteCheck(suite, given, world);
    if (chosen.includes("settings")) void flyteCli.ended();
  }
  const wantsLogIn = controlPlaneChecks(suite, target, openSession, world.clock);
  const access = identityChecks(suite, { given, target, wantsLogIn }, openSession);
  registrationChecks(suite, { given, target, definition, access });

  const named = settings?.cluster.buildNamespaces ?? [];
  const namespaces = named.length > 0 ? named : [settings?.release.namespace ?? ""];
  const configs = dataPlaneChecks(suite, given, namespaces, world.openCluster);
  const isPod = world.environment["KUBERNETES_SERVICE_HOST"] !== undefined;
  configs.forEach((config, index) => {
    const namespace = namespaces[index] ?? "";
    const suffix = namespaces.length > 1 ? ` ${namespace}` : "";
    buildkitChecks(suite, config, namespace, suffix, { openCluster: world.openCluster, isPod, clock: world.clock });
  });
  await suite.run(chosen, onResult);
  await afterwards?.({
    settings,
    definition: (await definition.ended()).value?.of,
    registrations: (await access.ended()).value?.of.registrations,
  });
}
