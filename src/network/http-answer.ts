import { beginningOf } from "../findings/cut-text.ts";
import { oneLine } from "./one-line.ts";
import { titleOf } from "./page-title.ts";

/** What an HTTP server answered, as far as it tells who answered and why. */
export interface HttpAnswer {
  status: number;
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** The body as text, or its beginning. */
  body: string;
}

/** How much of a page without a title is searched for words, in characters. */
const searched = 4_096;

/**
 * An answer in words: status, `server` header, the page's title or the first words of its text, where it redirects to
 * (without a query), and what login it asks for.
 * `HTTP 403, server cloudflare: "Attention Required! | Cloudflare"`
 */
export function describeAnswer({ status, header, body }: HttpAnswer): string {
  const server = oneLine(header("server"));
  const words = titleOf(body) ?? firstWords(body);
  const grpcMessage = oneLine(header("grpc-message"));
  const challenge = oneLine(header("www-authenticate") ?? header("proxy-authenticate"));
  const squidError = oneLine(header("x-squid-error"));
  // The query of a login page holds values that are good for a login.
  const location = oneLine(header("location")?.replace(/[?#].*$/s, ""));
  return [
    `HTTP ${status}${server && `, server ${server}`}${words && `: "${words}"`}`,
    location && `location ${location}`,
    grpcMessage && `gRPC message "${grpcMessage}"`,
    challenge && `it asks for ${challenge}`,
    squidError && `Squid's ${squidError}`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** The authentication schemes that an answer asks for, in lower case: `["basic", "negotiate"]`. */
export function challengesOf(value: string | undefined): string[] {
  // RFC 9110, 11.6.1: a scheme is a word that another word or nothing follows; a parameter has an equals sign after it.
  const found = value?.matchAll(/(?:^|,)\s*([!#$%&'*+.^_`|~\w-]+)(?=\s+[^\s=,]|\s*(?:,|$))/g) ?? [];
  return [...new Set(Array.from(found, ([, scheme = ""]) => scheme.toLowerCase()))];
}

function firstWords(body: string): string {
  const text = beginningOf(body, searched);
  const isMarkup = /^\s*<|<\/?(?:html|body|head|p|h\d)\b/i.test(text);
  return oneLine(isMarkup ? text.replace(/<(script|style)\b[\s\S]*?(?:<\/\1>|$)|<[^>]*>?/gi, " ") : text);
}
