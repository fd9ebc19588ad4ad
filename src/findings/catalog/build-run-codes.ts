import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";
import { placeFlags, type Where } from "./place-texts.ts";

const exit = exitCodes.failed;

/** A run of the build task. */
interface Run extends Where {
  run: string;
}

const show = (args: Run) => `flyte get run ${shellQuote(args.run)} ${placeFlags(args)}`;
const showLogs = (args: Run) => `flyte get logs ${shellQuote(args.run)} ${placeFlags(args)}`;
const abort = (args: Run) => `flyte abort run ${shellQuote(args.run)} ${placeFlags(args)}`;

/** What to do about a run that has not ended, by its phase. */
const waits: Readonly<Record<string, string>> = {
  queued:
    "find out why nothing takes it: the executor of the data plane (union-operator, flytepropeller) and its quota",
  waiting: "find out why its cluster has no room: nodes, quotas and priorities of the namespace",
  initializing: "find out what its pod waits for: nodes that start, images that are pulled, volumes",
  running: "find out where the build stands: the last line of its log",
};

/** How a run of the build ends, apart from what went wrong in it. */
export const buildRunCodes = {
  "build-timeout": entry<Run & { phase: string; seconds: number }>({
    exit: exitCodes.deadline,
    what: ({ phase, seconds, run }) =>
      phase === "timed-out"
        ? `the control plane ended build ${run} after ${seconds} s, at its deadline`
        : `build ${run} did not finish within ${seconds} s; it was ${phase}`,
    fix: ({ phase }, { chart, setting }) =>
      `Raise ${setting("build.timeout")}${chart ? " (in helm test: test.build.timeout)" : ""} if the build only needs more time (pulling images on a new node takes minutes); else ${waits[phase] ?? "find out what it waits for"}.`,
    next: (args) => (args.phase === "running" ? showLogs(args) : show(args)),
  }),
  "build-aborted": entry<Run>({
    exit,
    what: ({ run, project, domain }) => `build ${run} in ${project}/${domain} was aborted by somebody else`,
    fix: (_args, { command }) =>
      `Run it again (${command("verify", "--build")}); if it is aborted every time, find who does it (see why).`,
    next: show,
  }),
  "build-run-left": entry<Run>({
    exit,
    what: ({ run, project, domain }) =>
      `build ${run} in ${project}/${domain} could not be aborted and may still be running`,
    fix: (args) => `Run ${abort(args)} once the control plane answers.`,
    next: abort,
  }),
  "build-run-lost": entry<Run>({
    exit: exitCodes.controlPlane,
    what: ({ run, project, domain }) => `the control plane no longer knows build ${run} in ${project}/${domain}`,
    fix: (_args, { command }) =>
      `Run it again (${command("verify", "--build")}); if the run vanishes every time, read the control plane's log for its name (kubectl logs).`,
    next: show,
  }),
  "build-output-missing": entry<Run>({
    exit,
    what: ({ run }) =>
      `build ${run} succeeded, but has no output fully_qualified_image, without which SDK users get no image`,
    fix: (_args, { command }) =>
      `Register this definition of the task (${command("register")}), whose output has that name; if it is registered, correct build-image in task.images.`,
    next: show,
  }),
  "build-failed": entry<Run>({
    exit,
    what: ({ run, project, domain }) =>
      `build ${run} in ${project}/${domain} failed for a reason that this program does not know`,
    fix: (args) => `Read what the build says (see why) and its whole log: ${showLogs(args)}.`,
    next: showLogs,
  }),
} as const;
