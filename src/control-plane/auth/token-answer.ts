import * as z from "zod";
import type { Answer } from "../../network/fetch.ts";
import { oneLine } from "../../network/one-line.ts";
import { titleOf } from "../../network/page-title.ts";
import { parseJson } from "../../system/parse-json.ts";

/** What a token endpoint answered in place of a token. */
export interface Refusal {
  status: number;
  /** The error for machines, in lower case: `invalid_client`. Empty if there is none. */
  error: string;
  /** The answer's own words in one line, after its status. */
  why: string;
  /** Whether a token endpoint wrote it: the answer to a POST in JSON that names an error. Else it may be anything on the way. */
  isOwn: boolean;
  /** Whether it is an HTML page. */
  isPage: boolean;
}

/**
 * flyte 2.12.1 reads `access_token` and `expires_in` and no other field. Here a token is replaced when it is rejected, so not even
 * `expires_in` is required. A header cannot carry other characters than these.
 */
const tokenSchema = z.object({ access_token: z.string().regex(/^[\x21-\x7e]+$/) });

/** Reads the answer to a token request: any 2xx with a token in JSON, whatever its content type, is one. */
export function readTokenAnswer(answer: Answer): { token: string } | Refusal {
  const body = parseJson(answer.text);
  const found = tokenSchema.safeParse(body);
  if (answer.status >= 200 && answer.status < 300 && found.success) return { token: found.data.access_token };
  return readRefusal(answer);
}

/** Reads an answer that has no token. */
export function readRefusal({ status, headers, text }: Answer): Refusal {
  const body = parseJson(text);
  const { error, description } = readError(body);
  const isPage = /^\s*</.test(text);
  const words = [error, description].filter(Boolean).join(": ") || foreignWords({ status, headers, text });
  return {
    status,
    error: error.toLowerCase(),
    why: `HTTP ${status}: ${oneLine(words, longestWords)}`,
    isOwn: status >= 400 ? typeof body === "object" && body !== null : error !== "",
    isPage,
  };
}

/**
 * Names of fields with an error for machines, and with one for people, without case and underscores, the more telling first:
 * RFC 6749 (`error`, `error_description`), Okta (`errorCode`, `errorSummary`), PingOne and AWS (`code`, `message`), Apigee
 * (`faultstring`), RFC 9457 (`title`, `detail`).
 */
const errorNames = ["error", "errorcode", "code"];
const descriptionNames = [
  "errordescription",
  "errorsummary",
  "errormessage",
  "message",
  "faultstring",
  "detail",
  "title",
];

/** The longest text of an answer that is shown, in characters; those of Entra have 500. */
const longestWords = 600;

/** Finds the error in a body, at any depth: Google and Apigee have objects where others have texts. */
function readError(body: unknown): { error: string; description: string } {
  const texts = textsIn(body);
  const all = (names: readonly string[]) => names.flatMap((name) => texts.filter(([key]) => key === name));
  const errors = all(errorNames).map(([, text]) => text);
  // Keycloak and Spring have a sentence in `error` where nothing else fits.
  const error = errors.find((text) => !/\s/.test(text)) ?? "";
  const description = all(descriptionNames)[0]?.[1] ?? errors.find((text) => /\s/.test(text)) ?? "";
  return { error, description };
}

/** The texts of a JSON value with the names of their fields, the outer ones first. */
function textsIn(value: unknown, depth = 0): (readonly [name: string, text: string])[] {
  if (typeof value !== "object" || value === null || depth > 4) return [];
  const entries = Object.entries(value);
  const own = entries.flatMap(([name, text]) => {
    const line = typeof text === "string" ? oneLine(text, longestWords) : "";
    return line === "" ? [] : [[name.toLowerCase().replaceAll("_", ""), line] as const];
  });
  return [...own, ...entries.flatMap(([, inner]) => textsIn(inner, depth + 1))];
}

/** Describes an answer that names no error. Of one that was to be a token, nothing is repeated: it may be one. */
function foreignWords({ status, headers, text }: Answer): string {
  const server = headers["server"] === undefined ? "" : ` by ${headers["server"]}`;
  if (status >= 300 && status < 400) return `a redirect${server} to ${withoutQuery(String(headers["location"] ?? ""))}`;
  if (text.trim() === "") return `no body${server}`;
  if (/^\s*</.test(text)) {
    const title = titleOf(text);
    return `an HTML page${server}${title === undefined ? "" : `, titled "${title}"`}`;
  }
  const json = parseJson(text);
  if (typeof json === "object" && json !== null) {
    return `JSON without a usable access_token (fields: ${Object.keys(json).join(", ") || "none"})`;
  }
  return status < 300
    ? `a text that is no JSON${server}`
    : `${oneLine(text, longestWords) || "a body that is no text"}${server}`;
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
