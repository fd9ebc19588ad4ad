import { readImageReference } from "../../registry/image-reference.ts";
import type { BuildSubject } from "../build-evidence.ts";
import type { BuildLog } from "./build-log.ts";

/** Whether a build failed at a registry as it pulled or as it pushed, and the image if the words name it. */
export interface RegistrySide {
  side: "push" | "pull";
  /** Empty if the words do not name it. */
  image: string;
}

/**
 * Steps of buildkit by their titles. The step decides, because registries with a token endpoint refuse pull and push in the same
 * words: `failed to fetch oauth token: denied: …`.
 */
const steps: readonly (readonly [title: RegExp, side: RegistrySide["side"]])[] = [
  [/^(?:exporting|pushing)\b/, "push"],
  [/^\[internal\] load metadata for (\S+)$/, "pull"],
  [/^resolve image config for (?:docker-image:\/\/)?(\S+)$/, "pull"],
  [/^\[[^\]]*\] FROM (?:docker-image:\/\/)?([^\s@]+)/, "pull"],
];

/** Words that only one of both has, for a log that is cut before the step. */
const words: readonly (readonly [words: RegExp, side: RegistrySide["side"]])[] = [
  [/\bfailed to push (\S+?): /, "push"],
  [/\bfailed to resolve source metadata for (\S+?): /, "pull"],
  [/\bpush access denied\b|\bwrite_package\b|\buploadArtifacts\b/, "push"],
  [/\becr:(?:InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)\b/, "push"],
  [/\bpull access denied\b|\bread_package\b|\bdownloadArtifacts\b/, "pull"],
  [/\becr:(?:BatchGetImage|GetDownloadUrlForLayer)\b/, "pull"],
];

/** Tells push from pull; nothing if the log is about neither, or does not say. */
export function registrySideOf(log: BuildLog, subject: BuildSubject): RegistrySide | undefined {
  const said = `${log.error}\n${log.stepError}`;
  return match(log.step, steps) ?? (log.step === "" ? (match(said, words) ?? sideOfScope(said, subject)) : undefined);
}

function match(
  text: string,
  rows: readonly (readonly [words: RegExp, side: RegistrySide["side"]])[],
): RegistrySide | undefined {
  for (const [pattern, side] of rows) {
    const found = pattern.exec(text);
    if (found) return { side, image: found[1] ?? "" };
  }
  return undefined;
}

/** A token is asked for with what it is for; a registry may add scopes of its own, so the repository counts. */
function sideOfScope(said: string, { target, baseImage, frontend }: BuildSubject): RegistrySide | undefined {
  const scopes = Array.from(
    said.matchAll(/\bscope=repository%3A([^&\s]+?)%3A([\w%]+)/g),
    ([, path = "", actions = ""]) => ({
      path: decode(path),
      pushes: /push/.test(actions),
    }),
  );
  const asks = (image: string, pushes: boolean) => {
    const reference = readImageReference(image);
    return (
      typeof reference !== "string" &&
      scopes.some((scope) => scope.path === reference.repository && scope.pushes === pushes)
    );
  };
  if (asks(target, true)) return { side: "push", image: target };
  const pulled = [frontend, baseImage].find((image) => asks(image, false));
  return pulled === undefined ? undefined : { side: "pull", image: pulled };
}

function decode(text: string): string {
  return text.replaceAll("%2F", "/");
}
