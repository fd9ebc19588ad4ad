import type { Finding } from "../../findings/finding.ts";
import { asRegistrarError } from "../../findings/registrar-error.ts";
import type { Clock } from "../../system/clock.ts";
import { mapConcurrently } from "../../system/concurrently.ts";
import { type Copy, type CopyDependencies, type CopyOutcome, copyImage, sourceText, targetText } from "./copy-image.ts";

/** How the copy of one image of a set ended. */
export interface MirroredImage {
  source: string;
  target: string;
  state: CopyOutcome["state"] | "failed";
  digest: string | undefined;
  finding: Finding | undefined;
  milliseconds: number;
}

/** Hears of each image of a set. */
export interface MirrorListener {
  started(source: string): void;
  ended(image: MirroredImage): void;
}

/** Copies a set of images, several at the same time; a failure of one does not keep the others. @throws the signal's reason */
export function mirrorImages(
  copies: readonly Copy[],
  atOnce: number,
  dependencies: CopyDependencies & { clock: Clock },
  listener: MirrorListener,
  signal: AbortSignal,
): Promise<MirroredImage[]> {
  const { clock } = dependencies;
  return mapConcurrently(copies, atOnce, async (copy) => {
    signal.throwIfAborted();
    const names = { source: sourceText(copy), target: targetText(copy) };
    const started = clock.now();
    listener.started(names.source);
    const ended = await outcomeOf(copy, dependencies, signal);
    const image = { ...names, ...ended, milliseconds: Math.round(clock.now() - started) };
    listener.ended(image);
    return image;
  });
}

async function outcomeOf(
  copy: Copy,
  dependencies: CopyDependencies,
  signal: AbortSignal,
): Promise<Pick<MirroredImage, "state" | "digest" | "finding">> {
  try {
    return { ...(await copyImage(copy, dependencies, signal)), finding: undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { state: "failed", digest: undefined, finding: asRegistrarError(error).finding };
  }
}
