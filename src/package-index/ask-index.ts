import { findNetworkFault, type NetworkFault } from "../network/faults.ts";
import type { Answer, Fetch } from "../network/fetch.ts";
import { describeAnswer } from "../network/http-answer.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { authorizationOf, type IndexAddress } from "./index-address.ts";

/** How an index answers. */
export type IndexAnswer =
  | { kind: "good" }
  /** `login`: `sent` says whether credentials were given; `curated`: it is an index, without pip. */
  | { kind: "login"; sent: boolean; detail: string }
  | { kind: "curated" | "wrong-path" | "not-spoken" | "redirects"; detail: string }
  | { kind: "failed"; status: number; detail: string }
  | { kind: "network"; fault: NetworkFault };

/** As uv asks. Source: the Simple API, https://packaging.python.org/en/latest/specifications/simple-repository-api */
const accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/** How much is read of an answer: the list of all packages has 30 MB, and its beginning shows what it is. */
const mostBytes = 65_536;

/** More than any index needs: one for the final slash, one for the name, one for a mirror. */
const mostRedirects = 5;

/** A file of a package, as an index links to it. */
const fileLink = /<a\s[^<>]*?href\s*=\s*["'][^<>"']*\.(?:whl|tar\.gz|tar\.bz2|tgz|zip|egg)\b/i;
const anyLink = /<a\s[^<>]*?href/i;

/**
 * Asks an index for pip, which every full index has; one without it is asked for its list of packages, so that a wrong path is
 * told from a curated index.
 * @throws whatever is no fault of the network
 */
export async function askIndex(
  { url }: IndexAddress,
  fetch: Fetch,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<IndexAnswer> {
  const authorization = authorizationOf(url);
  const base = new URL(url);
  base.username = "";
  base.password = "";
  base.pathname = `${base.pathname.replace(/(?<!\/)\/+$/, "")}/`;
  const within = AbortSignal.any([signal, clock.timeout(deadlines.indexQuestion.milliseconds)]);
  const ask = (path: string) => followRedirects(new URL(path, base), { authorization, fetch, signal: within });
  try {
    const ofPip = await ask("pip/");
    if (ofPip?.status !== 404) return judge(ofPip, fileLink, authorization !== undefined);
    const ofList = await ask("");
    if (ofList?.status === 404) return { kind: "wrong-path", detail: describe(ofPip) };
    const list = judge(ofList, anyLink, authorization !== undefined);
    return { kind: list.kind === "good" ? "curated" : "wrong-path", detail: describe(ofPip) };
  } catch (error) {
    signal.throwIfAborted();
    const fault = findNetworkFault(error);
    if (!fault) throw error;
    return { kind: "network", fault };
  }
}

interface Request {
  authorization: string | undefined;
  fetch: Fetch;
  signal: AbortSignal;
}

/** The answer behind the redirections; nothing if there are too many. Credentials go to the index's own origin alone. */
async function followRedirects(from: URL, { authorization, fetch, signal }: Request): Promise<Answer | undefined> {
  let url = from;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const isOwn = url.origin === from.origin;
    const headers = { accept, ...(isOwn && authorization !== undefined && { authorization }) };
    const answer = await fetch(url.href, { method: "GET", headers, body: "", signal, mostBytes });
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status >= 400 || typeof location !== "string") return answer;
    const next = URL.parse(location, url);
    if (!next || !["http:", "https:"].includes(next.protocol)) return answer;
    next.username = "";
    next.password = "";
    url = next;
  }
  return undefined;
}

function judge(answer: Answer | undefined, links: RegExp, sent: boolean): IndexAnswer {
  if (!answer) return { kind: "redirects", detail: `more than ${mostRedirects} redirections` };
  const { status } = answer;
  const detail = describe(answer);
  if (status === 200) return isSimpleApi(answer, links) ? { kind: "good" } : { kind: "not-spoken", detail };
  if (status === 401 || status === 403) return { kind: "login", sent, detail };
  if (status >= 500 || status === 429) return { kind: "failed", status, detail };
  return { kind: "not-spoken", detail };
}

/** Whether it is a document of the Simple API, in JSON or in HTML. Only its beginning is there. */
function isSimpleApi({ headers, text }: Answer, links: RegExp): boolean {
  const isJson = String(headers["content-type"] ?? "").includes("json");
  return isJson ? /^\s*\{[\s\S]*"(?:files|projects|versions|api-version)"\s*:/.test(text) : links.test(text);
}

function describe({ status, headers, text }: Answer): string {
  const header = (name: string) => {
    const value = [headers[name] ?? []].flat()[0];
    // Some redirect to an address with credentials.
    return name === "location" ? value?.replace(/\/\/[^/@]*@/, "//") : value;
  };
  return describeAnswer({ status, header, body: text });
}
