import { pullFaultOf } from "../../buildkit/pull-faults.ts";
import type { PushFault } from "../../findings/catalog/build-push-codes.ts";
import type { Code } from "../../findings/catalog/catalog.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import type { BuildSubject } from "../build-evidence.ts";
import type { BuildLog } from "./build-log.ts";
import { shownWords } from "./build-words.ts";
import { placeOf } from "./registry-place.ts";

type PushCode = Extract<
  Code,
  `build-push-${string}` | "build-repository-missing" | "build-tag-immutable" | "build-registry-quota"
>;

/**
 * What registries answer to a push; the first row that matches counts. What a registry says itself (a repository, a tag, a quota)
 * comes before the status or the word that it says it with. Sources: testing/recordings/buildkit-build-0.34.2.json; Harbor's
 * src/pkg/immutable; "docker push" in Amazon ECR's troubleshooting.
 */
const answers: readonly (readonly [words: RegExp, code: PushCode])[] = [
  [
    /\brepository with name '[^']*' does not exist\b|\bproject \S+ not found\b|\bname unknown: /i,
    "build-repository-missing",
  ],
  [
    /\bcannot be overwritten because the (tag|repository) is immutable\b|\bconfigured as immutable\b/,
    "build-tag-immutable",
  ],
  [
    /\bexceed the configured upper limit\b|\bquota exceeded\b|\bexceed(?:s|ed)? (?:the |your )?(?:\w+ )?quota\b/i,
    "build-registry-quota",
  ],
  [
    /\bUnauthenticated request\b|\bno basic auth credentials\b|\bauthorization token has expired\b/,
    "build-push-not-logged-in",
  ],
  [
    /\bunexpected status from \S+ request to \S+: 401\b|\bauthentication required\b|\bunauthorized: /,
    "build-push-not-logged-in",
  ],
  [/\bfailed to fetch anonymous token: unexpected status from .*: 40[13]\b/, "build-push-not-logged-in"],
  [
    /\bdenied\b|\bnot authorized to perform\b|\binsufficient_scope\b|\bpermission_denied\b|\bunexpected status from \S+ request to \S+: 403\b/i,
    "build-push-denied",
  ],
];

/** What keeps buildkit from a registry, by the kinds of faults that it has with pulls: the words are the same. */
const faults: Readonly<Partial<Record<ReturnType<typeof pullFaultOf>["kind"], PushFault>>> = {
  "name-unknown": "name",
  "dns-broken": "name",
  "dns-silent": "name",
  "dial-timeout": "connection",
  "no-answer": "connection",
  unreachable: "connection",
  refused: "connection",
  reset: "connection",
  "not-tls": "tls",
  "ca-unknown": "tls",
  "wrong-host": "tls",
  certificate: "tls",
  "server-error": "server",
  "rate-limited": "server",
};

/** The finding for a push that has failed. */
export function pushFailure(log: BuildLog, subject: BuildSubject): Finding {
  const said = `${log.error}\n${log.stepError}`;
  const place = placeOf(pushedImage(said) ?? subject.target, said, subject);
  const why = shownWords(longerOf(log.error, log.stepError));
  const answer = withoutNames(said);
  const code = answers.find(([pattern]) => pattern.test(answer))?.[1] ?? "build-push-failed";
  if (code !== "build-push-failed") return finding("error", code, place, why);
  const { kind, host = "" } = pullFaultOf(log.stepError || log.error);
  return finding("error", code, { ...place, fault: faults[kind] ?? "other", host }, why);
}

/** Hosts and repositories may have any word in their names. */
function withoutNames(said: string): string {
  return said.replace(/\bfailed to push \S+: /g, "").replace(/\bhttps?:\/\/[^\s"]+?(?=:? |"|$)/gm, "URL");
}

/** The image that buildkit names; the target of a build may have no host. */
function pushedImage(said: string): string | undefined {
  return /\bfailed to push (\S+?): /.exec(said)?.[1];
}

/** The last error leaves out what was pushed if the registry's token endpoint has refused it. */
function longerOf(error: string, stepError: string): string {
  return stepError.length > error.length && !error.includes("failed to push") ? stepError : error;
}
