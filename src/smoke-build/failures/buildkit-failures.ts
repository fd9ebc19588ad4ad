import { type Finding, finding } from "../../findings/finding.ts";
import { shownWords } from "./build-words.ts";

/** The data plane's value, where the words do not say what was dialed. */
const unnamed = "imageBuilder.buildkitUri";

type Explain = (match: RegExpExecArray, why: string) => Finding;

/**
 * A build without a connection to buildkit, or one that has lost it; the first row that matches counts. Sources:
 * testing/recordings/buildkit-build-0.34.2.json; the words are those of Go's gRPC and network.
 */
const rows: readonly (readonly [words: RegExp, explain: Explain])[] = [
  [
    /\bdial tcp: lookup (?:\\?"(\w+)|(tcp|unix|https?)): |\bdial tcp:? .*\b(?:too many colons in address|missing port in address|unknown port)\b/,
    ([, quoted, scheme], why) =>
      finding(
        "error",
        "buildkit-address-malformed",
        { address: quoted === undefined ? `${scheme ?? "tcp"}:…` : `"${quoted}://…"` },
        why,
      ),
  ],
  [
    /\bError while dialing: dial tcp: lookup ([\w.-]+)/,
    ([, host = ""], why) => finding("error", "buildkit-name-unknown", { host }, why),
  ],
  [
    /\bError while dialing: dial tcp (\S+?): .*\b(?:i\/o timeout|connection timed out|no route to host|network is unreachable)\b/,
    ([, address = unnamed], why) => finding("error", "buildkit-timeout", { address }, why),
  ],
  [
    /\bError while dialing: dial tcp (\S+?): /,
    ([, address = unnamed], why) => finding("error", "buildkit-refused", { address }, why),
  ],
  [
    /\berror reading server preface\b/,
    (_match, why) => finding("error", "buildkit-foreign", { address: unnamed }, why),
  ],
  [
    /\bfailed to list workers\b.*\b(?:DeadlineExceeded|deadline exceeded|i\/o timeout)\b/,
    (_match, why) => finding("error", "buildkit-timeout", { address: unnamed }, why),
  ],
  [
    /\bfailed to receive status: rpc error\b|\b(?:code = Unavailable desc =|Unavailable:) (?:error reading from server|transport is closing|closing transport)\b/,
    (_match, why) => finding("error", "build-buildkit-lost", { loss: "lost" }, why),
  ],
];

/**
 * The finding for a build that has no connection to buildkit any more, or never had one.
 * @param error the last error of its log
 * @returns nothing if the error is about something else
 */
export function buildkitFailure(error: string): Finding | undefined {
  for (const [pattern, explain] of rows) {
    const match = pattern.exec(error);
    if (match) return explain(match, shownWords(error));
  }
  return undefined;
}
