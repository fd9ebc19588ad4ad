import type { Buildkit } from "../../buildkit/ask-buildkit.ts";
import type { PullFault } from "../../buildkit/pull-faults.ts";
import { addressHost } from "../../network/address-kind.ts";
import type { AskBuildkit, BuildkitAnswer } from "./connection-verdict.ts";

/** What a fault of a pull says about a connection; the others say that there is one, or do not tell. */
const kinds: Partial<Record<PullFault["kind"], BuildkitAnswer["kind"]>> = {
  "name-unknown": "name-unknown",
  "dns-broken": "dns-failed",
  "dns-silent": "dns-failed",
  "dial-timeout": "timed-out",
  unreachable: "timed-out",
  refused: "refused",
  "no-answer": "deadline",
};

/** Makes a function that asks a buildkitd to read a URL. A server with a certificate that buildkitd does not trust has answered. */
export function askUrlWith(buildkit: Buildkit): AskBuildkit {
  return async (url, signal) => {
    const answer = await buildkit.askUrl(new URL(url), signal);
    if (answer.kind === "answers") {
      const detail = `HTTP ${answer.status} for a path that does not exist`;
      // Only what answers everything with a page of its own has such a path.
      return { kind: answer.status === 200 ? "other" : "answers", detail };
    }
    if (answer.kind === "untrusted") return { kind: "answers", detail: answer.words };
    const { kind, words, address } = answer;
    const detail = words === "" ? "no answer in time" : words;
    return { kind: kinds[kind] ?? "other", detail, address: address && addressHost(address) };
  };
}
