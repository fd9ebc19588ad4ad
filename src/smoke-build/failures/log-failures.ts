import { endOf } from "../../findings/cut-text.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import { oneLine } from "../../network/one-line.ts";
import type { BuildSubject } from "../build-evidence.ts";
import type { BuildLog } from "./build-log.ts";
import { registrySideOf } from "./build-side.ts";
import { shownWords } from "./build-words.ts";
import { buildkitFailure } from "./buildkit-failures.ts";
import { buildPullFailure } from "./image-pull-failures.ts";
import { pushFailure } from "./push-failures.ts";
import { stepFailure } from "./step-failures.ts";

/** How buildkit reports a step that has run a program. */
const processFailed = /\bprocess "[\s\S]*" did not complete successfully: (?:exit code: (\d+)|\w)/;

/** Exit code of a program that SIGKILL ended, as the kernel does where memory is short. */
const killed = "137";

/**
 * The finding for what the log of a build says.
 * @returns nothing if it says nothing that is known
 */
export function logFailure(log: BuildLog, subject: BuildSubject): Finding | undefined {
  const process = processFailed.exec(log.error);
  if (process) return processFailure(process[1], log, subject);
  const buildkit = buildkitFailure(log.error);
  if (buildkit) return buildkit;
  const place = registrySideOf(log, subject);
  if (place?.side !== "push" && /\bno space left on device\b/i.test(log.error)) {
    return finding("error", "build-buildkit-lost", { loss: "disk" }, shownWords(log.error));
  }
  if (place?.side === "push") return pushFailure(log, subject);
  if (place?.side === "pull") return buildPullFailure(place.image, log, subject);
  const step = stepFailure(log.error, subject);
  if (step) return step;
  return log.step === "" ? undefined : failedStep(log, log.error);
}

function processFailure(exitCode: string | undefined, log: BuildLog, subject: BuildSubject): Finding {
  const known = stepFailure(log.output, subject);
  if (known) return known;
  const said = `${lastLines(log.output)}\n${log.error}`;
  if (exitCode === killed) return finding("error", "build-buildkit-lost", { loss: "memory" }, shownWords(said));
  return failedStep(log, said);
}

function failedStep({ step, error }: BuildLog, said: string): Finding {
  const named = step || (/\bprocess "([\s\S]*)" did not complete/.exec(error)?.[1] ?? "");
  return finding("error", "build-step-failed", { step: oneLine(shownWords(named), 200) }, shownWords(said));
}

/** What a program said last, with room for what buildkit says of it. */
function lastLines(output: string): string {
  return endOf(output.split("\n").slice(-20).join("\n"), 700);
}
