import { pullFaultOf } from "../../buildkit/pull-faults.ts";
import type { PullPlace } from "../../findings/catalog/pull-fixes.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import type { BuildSubject } from "../build-evidence.ts";
import type { BuildLog } from "./build-log.ts";
import { shownWords } from "./build-words.ts";
import { isSameRepository, placeOf } from "./registry-place.ts";

/**
 * The finding for an image that buildkit could not pull.
 * @param image as the step or the error names it; empty if neither does
 */
export function buildPullFailure(image: string, log: BuildLog, subject: BuildSubject): Finding {
  const isFrontend =
    /^resolve image config for /.test(log.step) || (image !== "" && isSameRepository(image, subject.frontend));
  const named = image || (isFrontend ? subject.frontend : subject.baseImage);
  const code = isFrontend ? "build-frontend-not-pulled" : "build-base-not-pulled";
  // The last error repeats the step's own, and has what the registry itself says in addition.
  return finding("error", code, pullPlaceOf(named, log.error, subject), shownWords(log.error));
}

/**
 * The finding for an image that the kubelet could not pull.
 * @param words of an event, or of Flyte about it
 */
export function kubeletPullFailure(words: string, subject: BuildSubject): Finding {
  const image = /\bimage "([^"\s]+)"/.exec(words)?.[1] ?? subject.buildImage;
  return finding("error", "build-image-not-pulled", pullPlaceOf(image, words, subject), shownWords(words));
}

/** In front of the cause, the image is named up to four times, which may be longer than what is read of the cause. */
function causeIn(words: string): string {
  return words.replace(/^[\s\S]*\bfailed to resolve (?:reference "[^"]*"|source metadata for \S+): /, "");
}

function pullPlaceOf(image: string, words: string, subject: BuildSubject): PullPlace {
  const { kind, host = "", address = "" } = pullFaultOf(causeIn(words));
  const [, imageHost = ""] = /^([^/.:]*[.:][^/]*)\//.exec(image) ?? [];
  return { ...placeOf(image, words, subject), fault: kind, host: host || imageHost, address };
}
