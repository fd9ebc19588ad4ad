import type { BucketPlace } from "../../findings/catalog/bucket-rights.ts";
import type { UploadFault, UploadRefusal } from "../../findings/catalog/build-upload-codes.ts";
import { beginningOf } from "../../findings/cut-text.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";
import { findNetworkFault, type NetworkFault } from "../../network/faults.ts";
import { isTlsFault } from "../../network/tls-failures.ts";
import { shownWords } from "./build-words.ts";
import { readRefusal } from "./refused-identity.ts";

/** Where the data plane has an upload go. */
export interface Upload {
  /** Its query is a credential, and never shown. */
  signedUrl: string;
  /** `s3://bucket/path`, `gs://bucket/path`, `abfs://container@account.dfs.core.windows.net/path` */
  nativeUrl: string;
}

/** Of a bucket's answer, how much is read, in characters: its errors have less. */
const longestBody = 10_000;

/** What a bucket answers, by the code in its XML or by its words; the first row that matches counts. */
const refusals: readonly (readonly [words: RegExp, refusal: UploadRefusal])[] = [
  [/<Code>(?:NoSuchBucket|ContainerNotFound|PermanentRedirect|ResourceNotFound)<|\bbucket does not exist\b/, "bucket"],
  [
    /<Code>(?:SignatureDoesNotMatch|RequestTimeTooSkewed|ExpiredToken|InvalidToken|InvalidAccessKeyId|AuthorizationHeaderMalformed|AuthenticationFailed|InvalidSecurity)<|\bRequest has expired\b/,
    "signature",
  ],
  [
    /<Code>(?:AccessDenied|AllAccessDisabled|AuthorizationPermissionMismatch|AuthorizationFailure|InsufficientAccountPermissions|KMS\.\w+)<|\bnot authorized to perform\b|\bdoes not have storage\./,
    "rights",
  ],
  [/<html[\s>]|<!doctype html/i, "page"],
];

/** The error for an answer of the bucket other than success. */
export function uploadFailure(answer: { status: number; body: string }, upload: Upload): RegistrarError {
  const { status } = answer;
  const body = decodeEntities(beginningOf(answer.body, longestBody));
  const { identity, action, resource } = readRefusal(body);
  const refusal = refusals.find(([pattern]) => pattern.test(body))?.[1] ?? refusalOf(status);
  const place = { ...bucketOf(upload), identity, action, resource };
  return problem(
    "build-upload-refused",
    { ...place, status, refusal, host: hostOf(upload) },
    shownBody(status, body, upload),
  );
}

function refusalOf(status: number): UploadRefusal {
  if (status === 403 || status === 401) return "rights";
  if (status === 404) return "bucket";
  return status >= 500 || status === 429 || status === 408 ? "server" : "other";
}

/** The error for a bucket whose host gave no answer. */
export function uploadUnreachable(error: unknown, upload: Upload): RegistrarError {
  const fault = findNetworkFault(error);
  const args = { ...bucketOf(upload), host: hostOf(upload), fault: fault ? faultOf(fault) : "connection" } as const;
  const failure = problem("build-upload-unreachable", args, error);
  return failure.withReason(withoutQuery(fault?.detail ?? failure.finding.why, upload));
}

function faultOf(fault: NetworkFault): UploadFault {
  if (isTlsFault(fault)) return "tls";
  if (fault.kind === "proxy") return "proxy";
  return fault.kind === "name-unknown" ? "name" : "connection";
}

/** The cloud by the scheme of the native URL, and the bucket or container in it. */
function bucketOf({ nativeUrl }: Upload): Pick<BucketPlace, "cloud" | "bucket"> {
  const [, scheme = "", bucket = ""] = /^(\w+):\/\/([^/@]+)/.exec(nativeUrl) ?? [];
  const clouds: Readonly<Record<string, BucketPlace["cloud"]>> = {
    s3: "aws",
    s3a: "aws",
    gs: "google",
    abfs: "azure",
    abfss: "azure",
  };
  const cloud = Object.hasOwn(clouds, scheme) ? clouds[scheme] : undefined;
  return cloud === undefined ? { cloud: "other", bucket: "" } : { cloud, bucket };
}

function hostOf({ signedUrl }: Upload): string {
  return URL.parse(signedUrl)?.host ?? "the upload location";
}

/** The words in the XML of a bucket, else the start of its body; some quote the signature that they refuse. */
function shownBody(status: number, body: string, upload: Upload): string {
  const texts = Array.from(body.matchAll(/<(Code|Message|Details)>([\s\S]*?)<\/\1>/g), ([, , text = ""]) => text);
  const said = texts.length > 0 ? texts.join(": ") : body.replace(/<[^<>]*>/g, " ");
  return withoutQuery(`HTTP ${status}: ${said}`, upload);
}

/** XML's own entities, of which messages of S3 have the quotes. */
function decodeEntities(xml: string): string {
  const characters: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };
  return xml.replace(/&(quot|apos|lt|gt|amp);/g, (entity, name: string) => characters[name] ?? entity);
}

/** Without any value of the signed URL's query, wherever a server repeats it. */
function withoutQuery(text: string, { signedUrl }: Upload): string {
  const url = URL.parse(signedUrl);
  const secrets = [url?.search.slice(1) ?? "", ...(url?.searchParams.values() ?? [])].filter(
    ({ length }) => length >= 8,
  );
  const encoded = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return shownWords(encoded.reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), text));
}
