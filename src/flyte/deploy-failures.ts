import { constants } from "node:os";
import { grantRefusal } from "../control-plane/auth/grant-failures.ts";
import { readRefusal } from "../control-plane/auth/token-answer.ts";
import { describeIdentity } from "../control-plane/auth/token-source.ts";
import { problem, type RegistrarError } from "../findings/registrar-error.ts";
import type { Credentials } from "../settings/credentials.ts";
import { scopeName } from "../settings/task-scope.ts";
import type { ProcessResult } from "../system/process.ts";
import { findLastMessage } from "./cli-output.ts";

/** What a failed run was about, for its error. */
export interface FailureContext {
  endpoint: string;
  /** Empty if there is none. */
  proxy: string;
  project: string;
  domain: string;
  credentials: Credentials;
  timeoutMilliseconds: number;
}

type Translation = (context: FailureContext & { identity: string; why: string }) => RegistrarError;

/**
 * Messages of the CLI and their error codes, the most specific first: the CLI has no error codes. The messages are
 * those in testing/recordings/flyte-cli-*.json; a test checks each recording against this table.
 */
const translations: readonly (readonly [pattern: RegExp, translate: Translation])[] = [
  [/No module named 'kubernetes/, ({ why }) => problem("flyte-without-kubernetes", {}, why)],
  [/Failed to convert default value for parameter/, ({ why }) => problem("flyte-unsuitable", {}, why)],
  // Python's error about the file quotes it, and may contain words of the rows below.
  [/Failed to load build_image_task\.py/, ({ why }) => problem("flyte-file-refused", {}, why)],
  [
    /open the following link in your browser|Browser-based \(PKCE\) login/,
    ({ why }) => problem("flyte-wants-browser", {}, why),
  ],
  [/received from IDP/, (context) => tokenFailure(context)],
  // All that is left of `access_denied`: flyte 2.12.1 takes it for the answer to a device login.
  [/request was denied on the other device/, (context) => tokenFailure(context, 403, '{"error":"access_denied"}')],
  [/client_credentials_secret are required/, ({ endpoint, why }) => problem("credentials-missing", { endpoint }, why)],
  [/Invalid base64-encoded string|Invalid API key format/, ({ why }) => problem("api-key-malformed", {}, why)],
  [
    /Failed to refresh token with command/,
    ({ credentials, why }) =>
      problem(
        "external-command-failed",
        { program: credentials.type === "externalCommand" ? credentials.command[0] : "" },
        why,
      ),
  ],
  [
    /invalid peer certificate: (NotValidForName|certificate not valid for name)/,
    ({ endpoint, why }) => problem("tls-wrong-host", { endpoint }, why),
  ],
  [
    /invalid peer certificate: .*(Expired|NotValidYet|not valid yet)/i,
    ({ endpoint, why }) => problem("tls-not-valid-now", { endpoint }, why),
  ],
  [
    /invalid peer certificate|CERTIFICATE_VERIFY_FAILED/,
    ({ endpoint, why }) => problem("tls-untrusted", { endpoint }, why),
  ],
  // In front of an alert the CLI says "Service is currently unavailable".
  [
    /received fatal alert: CertificateRequired/,
    ({ endpoint, why }) => problem("tls-client-certificate", { endpoint }, why),
  ],
  [/received fatal alert: /, ({ endpoint, why }) => problem("tls-handshake-failed", { endpoint }, why)],
  [/received corrupt message|InvalidContentType/, ({ endpoint, why }) => problem("tls-not-spoken", { endpoint }, why)],
  [/^(Internal server error: )?Bad Request$/m, ({ endpoint, why }) => problem("tls-expected", { endpoint }, why)],
  // Of an answer without an error of the control plane, the CLI shows the words of its status, and nothing else.
  [/^Forbidden$/m, ({ endpoint, why }) => problem("gateway-answered", { endpoint, status: 403 }, why)],
  [/^Unauthorized$/m, ({ endpoint, why }) => problem("gateway-answered", { endpoint, status: 401 }, why)],
  [
    /^Request Entity Too Large$/m,
    ({ endpoint, why }) => problem("gateway-answered", { endpoint, status: 413, source: "body-too-large" }, why),
  ],
  [
    /^(Not Found|Method Not Allowed|Unsupported Media Type)$/m,
    ({ endpoint, why }) => problem("control-plane-not-spoken", { endpoint }, why),
  ],
  [
    /tunnel error: proxy authorization required/,
    ({ endpoint, proxy, why }) => problem("proxy-login-required", { endpoint, proxy, sent: false, schemes: "" }, why),
  ],
  [/tunnel error/, ({ endpoint, proxy, why }) => problem("proxy-failed", { proxy, endpoint }, why)],
  [/invalid content-type/, ({ endpoint, why }) => problem("control-plane-not-spoken", { endpoint }, why)],
  [/dns error/, ({ endpoint, why }) => problem("control-plane-name-unknown", { endpoint }, why)],
  [/Connection refused/, ({ endpoint, why }) => problem("control-plane-refused", { endpoint }, why)],
  [
    /connection reset|connection closed|IncompleteMessage|unexpected EOF|end of file before message/i,
    ({ endpoint, why }) => problem("control-plane-reset", { endpoint }, why),
  ],
  [
    /Bad Gateway|no healthy upstream|Gateway Time-?out|Service (is currently )?Unavailable|Too Many Requests/i,
    ({ endpoint, why }) => problem("control-plane-unavailable", { endpoint }, why),
  ],
  [/Internal server error/i, ({ endpoint, why }) => problem("control-plane-failed", { endpoint }, why)],
  [
    /Authentication failed|token is missing or invalid|unauthenticated/i,
    ({ endpoint, identity, why, credentials }) =>
      credentials.type === "none"
        ? problem("credentials-missing", { endpoint }, why)
        : problem("credentials-refused", { endpoint, identity }, why),
  ],
  [
    /\b(Permission denied|not allowed to|permission_denied|forbidden)\b/i,
    ({ endpoint, identity, why }) =>
      problem("permission-denied", { endpoint, identity, request: "register tasks" }, why),
  ],
  [
    /project "?[^ "]+"? not found|Check your project\/domain\/org|project not found/,
    ({ project, why }) => problem("project-missing", { project }, why),
  ],
  [/project "?[^ "]+"? is archived/, ({ project, why }) => problem("project-archived", { project }, why)],
  [
    /remote image builder is not enabled|RemoteTaskNotFoundError/,
    ({ why, ...scope }) => problem("registration-missing", { scope: scopeName(scope) }, why),
  ],
];

/** The error for an answer of the identity provider, which the CLI quotes with its status. The box around it breaks its lines. */
function tokenFailure(
  { endpoint, identity, why }: Parameters<Translation>[0],
  status?: number,
  text?: string,
): RegistrarError {
  const [, code = "", body = ""] = /Status Code \((\d+)\) received from IDP: (.*)/s.exec(why) ?? [];
  const refusal = readRefusal({ status: status ?? Number(code), headers: {}, text: text ?? body });
  return grantRefusal({ ...refusal, why }, { endpoint, identity });
}

/** Exit code of a process that SIGKILL ended. */
const killed = 128 + constants.signals.SIGKILL;

/** The error for a failed or stopped run of the CLI, with the CLI's own message as the reason. */
export function deployFailure(result: ProcessResult, context: FailureContext): RegistrarError {
  const why = findLastMessage(result.stdout, result.stderr);
  const searched = `${why}\n${result.stdout}`;
  const translation = translations.find(([pattern]) => pattern.test(searched));
  if (translation) return translation[1]({ ...context, identity: describeIdentity(context.credentials), why });
  if (result.timedOut) return problem("flyte-timeout", { seconds: context.timeoutMilliseconds / 1000 }, why);
  if (result.exitCode === killed) return problem("flyte-killed", {}, why);
  return problem("flyte-failed", { exitCode: `exit code ${result.exitCode}` }, why);
}
