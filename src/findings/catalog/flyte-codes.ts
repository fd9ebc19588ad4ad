import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** The flyte CLI as our child. What it says of the control plane becomes the control plane's own codes. */
export const flyteErrors = {
  "flyte-missing": entry<{ command: string }>({
    exit,
    what: ({ command }) => `the flyte CLI (${command}) cannot be started`,
    fix: () => "Install flyte 2.12.1 or newer with the kubernetes package, or set flyteCommand to its path.",
    next: ({ command }) => `${command} --version`,
  }),
  "flyte-without-kubernetes": entry<object>({
    exit,
    what: () => "the flyte CLI cannot load the task file: the Python package kubernetes is not installed beside it",
    fix: () => "Install the kubernetes package into the Python environment of the flyte CLI.",
    next: () => "python3 -m pip install kubernetes",
  }),
  "flyte-unsuitable": entry<object>({
    exit,
    what: () => "this version of the flyte CLI cannot deploy a ContainerTask (2.5.15 to 2.8.x cannot)",
    fix: () => "Install flyte 2.12.1 or newer.",
    next: () => "flyte --version",
  }),
  "flyte-outdated": entry<{ version: string }>({
    exit,
    what: ({ version }) =>
      `flyte ${version} gives build-image the same cache key in every release, so images of one would be used under the next`,
    fix: () => "Install flyte 2.12.1 or newer, or set flyteCommand to the path of one.",
    next: () => "flyte --version",
  }),
  "flyte-timeout": entry<{ seconds: number }>({
    exit,
    transient: true,
    what: ({ seconds }) => `the flyte CLI did not end within ${seconds} s and was stopped`,
    fix: () =>
      "Raise resources.limits.cpu where this is a container, allow the way to the control plane, or raise timeouts.flyte (60s by default).",
    next: () => "registrar status --config <file>",
  }),
  "flyte-wants-browser": entry<object>({
    exit: exitCodes.controlPlane,
    what: () => "the flyte CLI asked for a log-in by browser, and there is none here",
    fix: () => "Set controlPlane.auth to clientSecret, apiKey or externalCommand.",
    next: () => "registrar render --config <file> --what flyte-config",
  }),
  "flyte-killed": entry<object>({
    exit,
    what: () => "the flyte CLI was killed from outside; a container that runs out of memory does that",
    fix: () => "Set resources.limits.memory of the chart to 192Mi or more.",
    next: () => "kubectl describe pod <pod of this run>",
  }),
  "memory-too-low": entry<{ limit: number; needed: number }>({
    exit,
    what: ({ limit, needed }) =>
      `this container may use ${limit} MiB of memory, and the flyte CLI needs ${needed} MiB, so it was not started`,
    fix: () => "Set resources.limits.memory of the chart to 192Mi or more, or task.deployWith to api.",
    next: () => "kubectl describe pod <pod of this run>",
  }),
  "flyte-file-refused": entry<object>({
    exit,
    what: () => "the flyte CLI cannot load the rendered build_image_task.py",
    fix: () => "Correct the setting under task.podTemplate that stands under why, or set task.deployWith to api.",
    next: () => "registrar render --config <file> --what python",
  }),
  "flyte-failed": entry<{ exitCode: string }>({
    exit,
    what: ({ exitCode }) => `flyte deploy failed (${exitCode})`,
    fix: () => "Read its own words under why; registrar register --verbose shows all that it prints.",
    next: () => "registrar register --config <file> --verbose",
  }),
} as const;
