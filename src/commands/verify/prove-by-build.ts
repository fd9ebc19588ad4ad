import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { Definition } from "../../definition/definition.ts";
import { registeredImages } from "../../definition/registered-images.ts";
import type { Code } from "../../findings/catalog/catalog.ts";
import { createFetch } from "../../network/fetch.ts";
import type { ReportedFinding } from "../../report/described-finding.ts";
import { createObserver } from "../../report/observer.ts";
import { planBuild } from "../../smoke-build/build-plan.ts";
import { buildImage, plannedBuild, type SmokeBuild } from "../../smoke-build/smoke-build.ts";
import type { Shell } from "../shell/command.ts";
import type { ControlPlaneRun } from "../shell/control-plane-run.ts";
import type { Ending } from "../shell/ending.ts";
import type { VerifyFlags } from "./verify-flags.ts";

/**
 * Builds the image in each place, one after another: what works in one project may fail in the next.
 * @param spec what is registered
 * @param verified what has been found so far, in a sentence without an end
 */
export async function proveByBuild(
  run: ControlPlaneRun & { definition: Definition },
  spec: TaskSpec,
  verified: string,
  { dryRun }: VerifyFlags,
  shell: Shell,
): Promise<Ending> {
  const { settings, target, definition, session, recorder, signal } = run;
  const { clock } = shell.world;
  const { context, ownership } = definition;
  const plan = planBuild(settings, registeredImages(spec, context.images), clock.random);
  if (dryRun) {
    const builds = plan.places.map((place) => plannedBuild(place, plan));
    return { state: "planned", summary: `${verified}; nothing was built (--dry-run)`, builds };
  }
  const results: SmokeBuild[] = [];
  for (const place of plan.places) {
    const result = await buildImage(place, {
      session,
      endpoint: target.endpoint,
      org: target.org,
      owner: ownership.owner,
      spec,
      plan,
      fetch: createFetch(target, { clock }),
      recorder,
      clock,
      signal,
      showProgress: shell.observer.progress,
    });
    for (const warning of result.warnings) recorder.warn(warning);
    results.push(result);
  }
  const builds = results.map(({ report }) => report);
  const [error, ...others] = results.flatMap((result) => result.error ?? []);
  if (!error) return { state: "built", summary: `${verified} and builds ${builtText(results)}`, builds };
  const failed = results.flatMap(({ report, error }) =>
    error ? `${report.project}/${report.domain} (${error.code})` : [],
  );
  const summary = `${verified}, but the build failed in ${failed.join(" and ")}`;
  const found = isKnownToChecks(error.code) ? await recorder.step("check", () => findRoots(shell), rootsText) : [];
  const roots = found.filter(({ code }) => code !== error.code);
  return { state: "build-failed", summary, builds, error, others, roots };
}

function builtText(results: readonly SmokeBuild[]): string {
  return results
    .map(({ report }) => {
      const { image = report.target, project, domain, milliseconds } = report;
      return `${image} in ${project}/${domain} in ${(milliseconds / 1000).toFixed(1)} s`;
    })
    .join(", ");
}

/** Failures on the way to the pod, and in the registry: no check knows more of them. */
const unknownToChecks =
  /^build-(not-routed|cluster-unhealthy|not-allowed|upload|data-plane-unreachable|push|repository-missing|tag-immutable|registry-quota|output-missing)/;

function isKnownToChecks(code: Code): boolean {
  return !unknownToChecks.test(code);
}

/** What the checks of what build pods meet find: a cause that one of them knows explains more than what the pod has met. */
async function findRoots(shell: Shell): Promise<ReportedFinding[]> {
  const { check } = await import("../check/check-body.ts");
  const silent = createObserver(
    "short",
    false,
    () => {},
    (value) => value,
  );
  const printed = await check(
    { ...shell, observer: silent },
    {
      categories: ["data-plane", "buildkit", "images"],
      skip: [],
      failOn: "error",
      waitMilliseconds: 0,
      bundle: undefined,
    },
  );
  if (!("report" in printed) || printed.report.command !== "check") return [];
  return printed.report.checks.flatMap(({ status, finding }) => (status === "failed" && finding ? [finding] : []));
}

function rootsText(roots: readonly ReportedFinding[]): string {
  if (roots.length === 0) return "the checks of data plane, buildkit and images find no cause";
  return `causes that registrar check finds: ${roots.map(({ code }) => code).join(", ")}`;
}
