import type { Finding } from "../findings/finding.ts";
import type { ReportedBuild } from "../report/run-report.ts";
import type { BuildContext, BuildDependencies } from "./build-context.ts";
import { type BuildPlace, type BuildPlan, layersOf } from "./build-plan.ts";
import { deleteCommand } from "./delete-command.ts";
import { runBuild } from "./run-build.ts";
import { nameRun } from "./run-name.ts";

/** One build, as a report has it, and what is wrong. */
export interface SmokeBuild {
  report: ReportedBuild;
  error: Finding | undefined;
  warnings: readonly Finding[];
}

/**
 * Builds the image in one place, through the registered task, as an SDK user's build does.
 * @throws the reason of the run's signal; what else is wrong is in the result
 */
export async function buildImage(place: BuildPlace, dependencies: BuildDependencies): Promise<SmokeBuild> {
  const { clock, plan, org, owner, session, endpoint } = dependencies;
  const started = clock.now();
  const name = nameRun(owner, clock.random);
  const { project, domain } = place;
  const { baseImage, pythonVersion, packages, target, configMap } = plan;
  const context: BuildContext = {
    ...dependencies,
    run: { org, project, domain, name },
    request: `run tasks in ${project}/${domain}`,
    until: started + plan.timeoutMilliseconds,
    notes: new Set(),
    subject: {
      ...place,
      run: name,
      identity: session.identity,
      ...plan.images,
      baseImage,
      pythonVersion,
      packages,
      target,
      configMap,
    },
  };
  const { state, log, image, error, warnings } = await runBuild(context);
  const digest = image === undefined ? undefined : digestIn(log);
  const deletes = image === undefined ? undefined : deleteCommand(image);
  const report: ReportedBuild = {
    ...plannedBuild(place, plan),
    state: error ? "failed" : "built",
    ...(state && { run: name, url: consoleUrl(endpoint.url, context) }),
    ...(image !== undefined && { image }),
    ...(digest !== undefined && { digest }),
    ...(deletes !== undefined && { deleteCommand: deletes }),
    phases: (state?.phases ?? []).map(({ phase, milliseconds }) => ({ name: phase, milliseconds })),
    notes: [...context.notes],
    milliseconds: Math.round(clock.now() - started),
  };
  return { report, error, warnings };
}

/** A build that has not been made. */
export function plannedBuild({ project, domain }: BuildPlace, plan: BuildPlan): ReportedBuild {
  const { baseImage, target, timeoutMilliseconds } = plan;
  return {
    project,
    domain,
    state: "planned",
    baseImage,
    layers: layersOf(plan),
    target,
    timeoutSeconds: timeoutMilliseconds / 1000,
    phases: [],
    notes: [],
    milliseconds: 0,
  };
}

/** Where the console shows a run, as the SDK prints it (flyte 2.12.1). */
function consoleUrl(origin: string, { run }: BuildContext): string {
  return `${origin}/v2/domain/${run.domain}/project/${run.project}/runs/${run.name}`;
}

/** buildkit's log names the manifest that it pushes. */
function digestIn(log: string): string | undefined {
  return /pushing manifest for \S+@(sha256:[0-9a-f]{64})/.exec(log)?.[1];
}
