import { openBuildkit } from "../buildkit/ask-buildkit.ts";
import { tokenCommand } from "../control-plane/auth/token-command.ts";
import type { Registrations } from "../control-plane/registrations.ts";
import { createSession } from "../control-plane/session.ts";
import type { Definition } from "../definition/definition.ts";
import { openRegistries } from "../images/open-registries.ts";
import { type GivenSettings, type Invocation, parseSettings } from "../settings/parse-settings.ts";
import type { Settings } from "../settings/schema.ts";
import { deadlines } from "../system/deadlines.ts";
import { baseImageChecks, type CheckedBaseImage } from "./base-image/base-image-checks.ts";
import { buildkitChecks } from "./buildkit/buildkit-checks.ts";
import type { Category } from "./categories.ts";
import type { CheckContext, CheckWorld } from "./check-context.ts";
import { controlPlaneChecks } from "./control-plane/control-plane-checks.ts";
import { dataPlaneChecks } from "./data-plane/data-plane-checks.ts";
import type { CheckResult } from "./engine/check.ts";
import { createSuite, type Suite } from "./engine/suite.ts";
import { allOf, viewOf } from "./engine/view.ts";
import { identityChecks } from "./identity/identity-checks.ts";
import { imageChecks } from "./images/image-checks.ts";
import type { BaseImageSettings } from "./index/image-index.ts";
import { indexChecks } from "./index/index-checks.ts";
import { askUrlWith } from "./network/ask-url.ts";
import { networkChecks } from "./network/network-checks.ts";
import { registrationChecks } from "./registration/registration-checks.ts";
import { settingsChecks } from "./settings/settings-checks.ts";

/** What the checks have found by the time that they ended; absent if a check for it failed. */
export interface Found {
  given: GivenSettings | undefined;
  definition: Definition | undefined;
  registrations: Registrations | undefined;
}

/** Which checks to run, and who gets their results. */
export interface ChecksRequest {
  /** These, and what they need. */
  chosen: readonly Category[];
  signal: AbortSignal;
  /** Names a text that no output may show. */
  protect(secret: string): void;
  onResult(result: CheckResult): void;
  /** Is told of the settings as soon as they are read, and again once the appVersion is known. */
  onSettings(settings: Settings): void;
  /** Is called after the last check, while the sessions are still open. */
  afterwards?: (found: Found) => Promise<void>;
}

/** Adds every check, in the order in which they are shown. The settings have been read: which checks there are depends on them. */
function addChecks(suite: Suite, context: CheckContext) {
  const settings = settingsChecks(suite, context);
  const requiresLogin = controlPlaneChecks(suite, context, settings.target);
  const access = identityChecks(suite, context, { ...settings, requiresLogin });
  const registered = registrationChecks(suite, { ...settings, access });
  const configs = dataPlaneChecks(suite, context, settings.given);
  const buildkit = buildkitChecks(suite, context, configs);
  const askUrl = viewOf(buildkit, (builder) => askUrlWith(builder.buildkit));
  const connections = networkChecks(suite, context, { given: settings.given, configs, buildkit: askUrl });
  const { pulled, seen, platform } = imageChecks(suite, context, {
    ...settings,
    registered: isMember(context) ? registered : undefined,
    configs,
    buildkit,
    connections,
  });
  const registries = viewOf(settings.registries, ({ client }) => client);
  const baseImages = baseImageChecks(suite, context, { given: settings.given, registries, pulled, seen, platform });
  indexChecks(suite, context, {
    given: settings.given,
    route: viewOf(settings.registries, ({ route }) => route),
    images: viewOf(allOf(baseImages, settings.given), (images) => images.map(indexSettingsOf)),
    buildkit: askUrl,
  });
  return { definition: settings.definition, access };
}

/** Runs the checks once. */
export async function runChecks(
  { chosen, signal, protect, onResult, onSettings, afterwards }: ChecksRequest,
  invocation: Invocation,
  world: CheckWorld,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const { clock } = world;
  const parsed = parse(invocation, world);
  if ("given" in parsed) onSettings(parsed.given.settings);
  const context: CheckContext = {
    invocation,
    world,
    parsed,
    isPod: world.environment["KUBERNETES_SERVICE_HOST"] !== undefined,
    openSession(target) {
      const session = createSession(target, {
        clock,
        signal,
        giveUpAfterMilliseconds: deadlines.checkRetries.milliseconds,
        runCommand: tokenCommand(world.runProcess, world.environment, world.temporaryFolder),
        protect,
      });
      opened.defer(async () => session.close());
      return session;
    },
    openRegistries(settings) {
      const registries = openRegistries(settings, world, protect);
      opened.defer(() => registries.client.close());
      return registries;
    },
    async openBuildkit(address, findLogin, soon) {
      const buildkit = await openBuildkit(address, { findLogin, clock, signal: soon });
      opened.defer(() => buildkit.close());
      return buildkit;
    },
    protect,
    onSettings,
  };
  const suite = createSuite(AbortSignal.any([signal, clock.timeout(deadlines.checkRun.milliseconds)]), clock);
  const { definition, access } = addChecks(suite, context);
  await suite.run(chosen, onResult);
  await afterwards?.({
    given: "given" in parsed ? parsed.given : undefined,
    definition: (await definition.run()).value?.of,
    registrations: (await access.run()).value?.of.registrations,
  });
}

/** Whether builds here run what another data plane has registered. */
function isMember({ parsed }: CheckContext): boolean {
  return "given" in parsed && parsed.given.settings.policy.role === "member";
}

/** What a base image says about package indexes. */
function indexSettingsOf({ image, found }: CheckedBaseImage): BaseImageSettings {
  const { environment, configFiles, isComplete } = found;
  return { image, environment, files: configFiles, isComplete };
}

function parse(invocation: Invocation, { readFile }: CheckWorld): { given: GivenSettings } | { error: unknown } {
  try {
    return { given: parseSettings(invocation, readFile) };
  } catch (error) {
    return { error };
  }
}
