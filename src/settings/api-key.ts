import { problem } from "../findings/registrar-error.ts";

/** The contents of an API key. Source of the format: the SDK's `decode_api_key`. */
export interface ApiKey {
  /** The key as given; all of it is secret. */
  text: string;
  host: string;
  clientId: string;
  clientSecret: string;
  org: string | undefined;
}

/**
 * Reads an API key: base64 of `host:clientId:clientSecret:org`. As for Python, characters that are not base64 do not count:
 * `base64` of GNU breaks lines after 76 characters, and `docker --env-file` keeps quotation marks. A line end inside, which `echo`
 * without -n encodes too, is no part of the organisation.
 * @throws {RegistrarError} api-key-missing, api-key-malformed; no part of the key is in the error
 */
export function parseApiKey(key: string): ApiKey {
  if (key.trim() === "") throw problem("api-key-missing", {});
  for (const base64 of readings(key)) {
    const [host, clientId, clientSecret, org, ...rest] = decode(base64)
      .trim()
      .replace(/^dns:\/{2,3}/, "")
      .split(":");
    if (!host || !clientId || !clientSecret || rest.length > 0) continue;
    return { text: key.trim(), host, clientId, clientSecret, org: !org || org === "None" ? undefined : org };
  }
  throw problem("api-key-malformed", {}, "it does not decode to four parts");
}

/** The base64 in a key: as Python reads it if it has padding enough for Python, else of the URL-safe alphabet if it can be that. */
function readings(key: string): string[] {
  const standard = key.replace(/[^A-Za-z0-9+/=]/g, "");
  const digits = standard.replace(/=.*$/, "").length;
  const isPadded = digits % 4 !== 1 && standard.length - digits >= (4 - (digits % 4)) % 4;
  const urlSafe = /[-_]/.test(key) && !/[+/]/.test(key) ? [key.replace(/[^A-Za-z0-9_=-]/g, "")] : [];
  return isPadded ? [standard, ...urlSafe] : [...urlSafe, standard];
}

/** Decodes up to the padding; nothing if that is not the text of one line. */
function decode(base64: string): string {
  try {
    const bytes = Buffer.from(base64.replace(/=.*$/, ""), "base64");
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /\p{Cc}/u.test(text.trim()) ? "" : text;
  } catch {
    return "";
  }
}
