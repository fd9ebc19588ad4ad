import { chartSelector, type Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** The flyte CLI as a child process. What it says of the control plane becomes the control plane's own codes. */
export const flyteCodes = {
  "flyte-missing": entry<{ command: string }>({
    exit,
    what: ({ command }) => `the flyte CLI (${command}) cannot be started`,
    fix: (_args, { chart }) =>
      chart
        ? "Set image.tag to an image built with --target flyte, or task.deployWith to api."
        : "Install flyte 2.12.1 or newer with the kubernetes package, or set flyteCommand to its path.",
    next: ({ command }, reader) => (reader.chart ? showImages(reader) : `${shellQuote(command)} --version`),
  }),
  "flyte-without-kubernetes": entry<object>({
    exit,
    what: () => "the flyte CLI cannot load the task file: its Python environment lacks the package kubernetes",
    fix: () =>
      "Install the package kubernetes into the Python environment of the flyte CLI, or set task.deployWith to api.",
    next: (_args, reader) => (reader.chart ? showImages(reader) : "python3 -m pip install kubernetes"),
  }),
  "flyte-version-unknown": entry<{ command: string }>({
    exit,
    what: ({ command }) => `the version of the flyte CLI (${command}) is none of a Python package`,
    fix: () => "Install flyte 2.12.1 or newer, or set task.deployWith to api.",
    next: ({ command }, reader) => (reader.chart ? showImages(reader) : `${shellQuote(command)} --version`),
  }),
  "flyte-unsuitable": entry<object>({
    exit,
    what: () => "this version of the flyte CLI cannot deploy a ContainerTask (2.5.15 to 2.8.x cannot)",
    fix: () => "Install flyte 2.12.1 or newer, or set task.deployWith to api.",
    next: (_args, reader) => (reader.chart ? showImages(reader) : "flyte --version"),
  }),
  "flyte-outdated": entry<{ version: string }>({
    exit,
    what: ({ version }) =>
      `flyte ${version} gives build-image the same cache key for every appVersion, so cached images of an old one would be reused`,
    fix: () => "Install flyte 2.12.1 or newer, or set task.deployWith to api.",
    next: (_args, reader) => (reader.chart ? showImages(reader) : "flyte --version"),
  }),
  "flyte-timeout": entry<{ seconds: number }>({
    exit,
    transient: true,
    what: ({ seconds }) => `the flyte CLI did not finish within ${seconds} s and was stopped`,
    fix: (_args, { chart, setting }) =>
      chart
        ? `Raise ${setting("resources.limits.cpu")}, allow egress to the control plane, or raise ${setting("timeouts.flyte")} (60s by default).`
        : "Allow egress to the control plane, or raise timeouts.flyte (60s by default).",
    next: (_args, { command }) => command("check"),
  }),
  "flyte-wants-browser": entry<object>({
    exit: exitCodes.controlPlane,
    what: () => "the flyte CLI asked for an interactive (browser) login, which is not possible here",
    fix: (_args, { chart, setting }) =>
      `Set ${setting("controlPlane.auth.type")} to ${chart ? "clientSecret or apiKey" : "clientSecret, apiKey or externalCommand"}.`,
    next: (_args, { chart, command }) => (chart ? command("render") : command("render", "--what", "flyte-config")),
  }),
  "flyte-killed": entry<object>({
    exit,
    what: () => "the flyte CLI was killed, as the kernel does when a container runs out of memory",
    fix: memoryFix,
    next: (_args, { kubectl }) => kubectl("describe pod <pod of this run>"),
  }),
  "memory-too-low": entry<{ limit: number; needed: number }>({
    exit,
    what: ({ limit, needed }) =>
      `the memory limit of this container is ${limit} MiB, and the flyte CLI requires ${needed} MiB, so it was not started`,
    fix: memoryFix,
    next: (_args, { kubectl }) => kubectl("describe pod <pod of this run>"),
  }),
  "flyte-file-refused": entry<object>({
    exit,
    what: () => "the flyte CLI cannot load the rendered build_image_task.py",
    fix: () => "Correct the setting under task.podTemplate that is named under why, or set task.deployWith to api.",
    next: (_args, { chart, command }) => (chart ? command("render") : command("render", "--what", "python")),
  }),
  "flyte-failed": entry<{ exitCode: string }>({
    exit,
    what: ({ exitCode }) => `flyte deploy failed (${exitCode})`,
    fix: (_args, { chart }) =>
      chart
        ? "Read its message under why, or set task.deployWith to api."
        : "Read its message under why; registrar register --verbose shows everything that it prints.",
    next: (_args, { chart, command }) => (chart ? command("check") : command("register", "--verbose")),
  }),
} as const;

/** Which image the pods run. */
function showImages({ chart, kubectl }: Reader): string {
  return kubectl(`get cronjobs,jobs -o wide ${chartSelector(chart)}`);
}

function memoryFix(_args: object, { chart, setting }: Reader): string {
  const memory = chart ? setting("resources.limits.memory") : "the container's memory limit";
  return `Set ${memory} to 192Mi or more, or task.deployWith to api.`;
}
