import type { Source } from "./messages.ts";
import { type PullFault, pullFaultOf } from "./pull-faults.ts";

/** What buildkit's network gives for a URL. */
export type UrlAnswer =
  /**
   * A server has answered, mostly with 404 to a page that is not there, or 401. With 200 it is one that has every page: a proxy that
   * asks for a login, and buildkit keeps that page.
   */
  | { kind: "answers"; status: number }
  /**
   * A server has answered with a certificate that buildkitd does not trust. It asks its system's CAs here, and neither the `ca` of
   * buildkitd.toml nor the CAs of uv or pip, so this says nothing about builds.
   */
  | { kind: "untrusted"; words: string }
  | PullFault;

/**
 * What buildkit fetches to find out whether it reaches a URL: a page below it that is not there. buildkit keeps on its disk what a
 * server gives it with status 200, and nothing of what is refused with 404 or 401.
 * @param unique letters and digits that nobody else has asked for
 */
export function sourceOfUrl(url: URL, unique: string): Source {
  const below = new URL(url);
  below.pathname = `${url.pathname.replace(/\/$/, "")}/registrar-check-${unique}/`;
  return { identifier: below.href, attributes: {}, platform: undefined };
}

/** Finds in buildkit's words how far it has come with a URL. */
export function urlAnswerOf(message: string): UrlAnswer {
  const status = /\binvalid response status (\d{3})\b/.exec(message)?.[1];
  if (status !== undefined) return { kind: "answers", status: Number(status) };
  const fault = pullFaultOf(message);
  const isAboutTrust = fault.kind === "ca-unknown" || fault.kind === "certificate";
  return isAboutTrust ? { kind: "untrusted", words: fault.words } : fault;
}
