import type { Finding } from "../../findings/finding.ts";
import { judgeAddress } from "../../network/address-kind.ts";
import type { CloudService } from "./cloud-service.ts";

/** What buildkit got when it was asked to read a URL. */
export interface BuildkitAnswer {
  /** `answers`: by whatever status of HTTP; `deadline`: buildkit said nothing within the time that it was given. */
  kind: "answers" | "name-unknown" | "dns-failed" | "timed-out" | "refused" | "deadline" | "other";
  /** Buildkit's own words, in one line. */
  detail: string;
  /** The IP address that a connection was tried with, if buildkit names it. */
  address?: string | undefined;
}

/** Asks buildkit to read a URL, over its own network. It ends by its own deadline, before the signal does. */
export type AskBuildkit = (url: string, signal: AbortSignal) => Promise<BuildkitAnswer>;

/** Codes about a connection. */
type ConnectionCode =
  | "egress-name-unknown"
  | "egress-dns-failed"
  | "egress-endpoint-missing"
  | "egress-endpoint-blocked"
  | "egress-refused"
  | "egress-unclear";

/** What is wrong with a connection. */
export interface ConnectionFault {
  code: ConnectionCode;
  severity: Finding["severity"];
  why: string;
}

/** Go's words about certificates: the connection is there, and which CAs buildkit's own HTTP client trusts means nothing for builds. */
const certificateWords = /\b(x509|tls|certificate)\b/i;

/**
 * Judges what buildkit said. If packets are dropped, the kind of the address says where: on the way to a private one by a security
 * group or policy, on the way to a public one because there is no way out and no endpoint.
 * @param addresses of the host, as pods resolve it: buildkit names none when it says nothing
 * @returns nothing if all is well
 */
export function judgeConnection(
  service: CloudService,
  answer: BuildkitAnswer,
  { addresses, cidrs }: { addresses: readonly string[]; cidrs: readonly string[] },
): ConnectionFault | undefined {
  const error = (code: ConnectionCode): ConnectionFault => {
    return { code, severity: "error", why: `${service.host}: ${answer.detail}` };
  };
  switch (answer.kind) {
    case "answers":
      return undefined;
    case "name-unknown":
      return service.isOptional ? undefined : error("egress-name-unknown");
    case "dns-failed":
      return error("egress-dns-failed");
    case "refused":
      return error("egress-refused");
    case "timed-out":
    case "deadline": {
      const tried = answer.address === undefined ? addresses : [answer.address];
      const isPublic = tried.some((address) => judgeAddress(address, cidrs).kind === "public");
      return error(isPublic ? "egress-endpoint-missing" : "egress-endpoint-blocked");
    }
    case "other":
      return certificateWords.test(answer.detail) ? undefined : { ...error("egress-unclear"), severity: "warning" };
  }
}
