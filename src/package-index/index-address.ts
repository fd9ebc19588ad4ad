/** The address of an index as it is used and as it may be shown. */
export interface IndexAddress {
  /** Without credentials, query and fragment: good for texts and for buildkit. */
  shown: string;
  /** With them. */
  url: URL;
}

/** Reads the address of an index; nothing if it is no URL of HTTP, such as a folder. */
export function parseIndexAddress(text: string): IndexAddress | undefined {
  const url = URL.parse(text.trim());
  if (!url || !["http:", "https:"].includes(url.protocol)) return undefined;
  return { url, shown: `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, "")}` };
}

/** An address as it may be shown, whatever it is: of what is no URL of HTTP, nothing is. */
export function shownAddress(text: string): string {
  return parseIndexAddress(text)?.shown ?? "an address that is not one of HTTP";
}

/** The header that carries the credentials of a URL; nothing if it has none. */
export function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}

/** Texts of a URL that no output may show: password, or the user name if it stands alone, which is then a token. */
export function secretsOfAddress(text: string): string[] {
  const url = URL.parse(text.trim());
  if (!url) return [];
  const { username, password, search } = url;
  const secret = password === "" ? username : password;
  const authorization = authorizationOf(url)?.replace(/^Basic /, "");
  return [secret, decode(secret), authorization, search.slice(1)].flatMap((found) => found || []);
}

/** As curl does, an escape that is none stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
