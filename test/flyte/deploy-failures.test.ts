import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Code } from "../../src/findings/catalog/catalog.ts";
import { deployFailure } from "../../src/flyte/deploy-failures.ts";
import type { Credentials } from "../../src/settings/credentials.ts";
import { described } from "../../testing/findings/described.ts";

const record = z.object({ case: z.string(), exitCode: z.int(), stdout: z.string(), stderr: z.string() });

/** The calls of one version of the CLI that did not end well. */
function failedCalls(sdk: string): z.output<typeof record>[] {
  const file = join(import.meta.dirname, `../../testing/recordings/flyte-cli-${sdk}.json`);
  const records = z.array(record).parse(JSON.parse(readFileSync(file, "utf8")));
  return records.filter(({ exitCode }) => exitCode !== 0);
}

const recordings = ["2.12.1", "2.5.14"].map((sdk) => [sdk, failedCalls(sdk)] as const);

/** What each recorded failure means, and a part of the CLI's own words that the reason must show. */
const expected: Readonly<Record<string, readonly [Code, string]>> = {
  "01-deploy-noproject": ["project-missing", 'Details: project "system" not found'],
  "01b-deploy-noproject-copynone": ["project-missing", 'project "system" not found'],
  "03-get-project-missing": ["project-missing", "ConnectError: project not found: system"],
  "05-create-project-again": ["flyte-failed", "ConnectError: project already exists: system"],
  "31-get-task-yaml": ["flyte-failed", "'yaml' is not one of 'table', 'json', 'table-simple', 'json-raw'."],
  "34-get-task-missing": ["registration-missing", "Task build-image, version 9.9.9 not found"],
  "49-no-kubernetes": ["flyte-without-kubernetes", "ModuleNotFoundError: No module named 'kubernetes'"],
  "60-b502-deploy": ["control-plane-unavailable", "Bad Gateway"],
  "60-b502-get": ["control-plane-unavailable", "Bad Gateway"],
  "60-b503-deploy": ["control-plane-unavailable", "no healthy upstream"],
  "60-b503-get": ["control-plane-unavailable", "no healthy upstream"],
  "60-forbid-deploy": ["permission-denied", "not allowed to register tasks in system"],
  "60-forbid-get": ["permission-denied", "not allowed to register tasks in system"],
  "60-nodns-deploy": ["control-plane-name-unknown", "failed to lookup address information"],
  "60-nodns-get": ["control-plane-name-unknown", "failed to lookup address information"],
  "60-refused-deploy": ["control-plane-refused", "Connection refused"],
  "60-refused-get": ["control-plane-refused", "Connection refused"],
  "60-unauth-deploy": ["credentials-refused", "token is missing or invalid"],
  "60-unauth-get": ["credentials-refused", "token is missing or invalid"],
  "61-plain2tls-get": ["tls-expected", "Bad Request"],
  "61-tls-get": ["tls-untrusted", "invalid peer certificate: UnknownIssuer"],
  "61-tls2plain-get": ["tls-not-spoken", "InvalidContentType"],
  "61-tlsbadca-get": ["flyte-failed", "No such file or directory: '/nonexistent.crt'"],
  "61-tlsskip-get": ["tls-untrusted", "invalid peer certificate: UnknownIssuer"],
  "62-hang-deploy": ["flyte-timeout", "build-image:2026.3.4 version 1"],
  "62-hang-get": ["flyte-timeout", ""],
  "64-tlsskipself": ["tls-untrusted", "invalid peer certificate"],
  "72-oauth-wrong": ["client-refused", '"error_description": "bad secret"'],
  "73-oauth-nosecret": ["credentials-missing", "client_credentials_secret are required"],
  "74-apikey": ["control-plane-refused", "Connection refused"],
  "75-apikey-wrong": ["control-plane-refused", "Connection refused"],
  "76-apikey-garbage": ["api-key-malformed", "Invalid base64-encoded string"],
  "77-pkce-headless": ["flyte-wants-browser", "open the following link in your browser"],
  "80-idp-privateca": ["tls-untrusted", "CERTIFICATE_VERIFY_FAILED"],
  "90-build-remote-missing": ["registration-missing", "remote image builder is not enabled"],
  "91-build-remote-present": ["flyte-timeout", "Waiting for build to finish"],
};

/** What the CLI says where a call fails, in front of the cause. */
const request = "Request failed: error sending request for url (https://union.example.com/x): client error (Connect): ";
const unavailable = "Service is currently unavailable. Please try again later. Error: ";
const certificate = `${request}invalid peer certificate: certificate`;

const context = {
  endpoint: "https://union.example.com",
  proxy: "http://proxy:3128",
  project: "system",
  domain: "production",
  timeoutMilliseconds: 60_000,
};
const registrar: Credentials = { type: "clientSecret", clientId: "registrar", clientSecret: "canary" };

function failureOf(call: Partial<z.output<typeof record>>, credentials: Credentials = registrar) {
  const { exitCode = 1, stdout = "", stderr = "" } = call;
  // 124 is what the recorder's `timeout` ended with; the program stops the CLI itself.
  return deployFailure({ exitCode, stdout, stderr, timedOut: exitCode === 124 }, { ...context, credentials });
}

describe.each(recordings)("a failure of flyte %s", (_, calls) => {
  test.each(calls.map((call) => [call.case, call] as const))("%s", (name, call) => {
    const [code, why] = expected[name] ?? ["internal-error", "not in the table"];
    const error = failureOf(call);
    expect(error.code).toBe(code);
    expect(error.finding.why).toContain(why);
    // In one line, without the box, the margin and the colours around it.
    expect(error.finding.why).toMatch(/^(\S[^\n│╭╰\p{Cc}]*\S)?$/u);
  });
});

test("the table knows no failure that was not recorded", () => {
  const recorded = recordings.flatMap(([, calls]) => calls.map((call) => call.case));
  expect(Object.keys(expected).sort()).toEqual([...new Set(recorded)].sort());
});

const box = (text: string) => `╭─ Error ───────────╮\n│ ${text} │\n╰──────────────╯\n`;

describe("what was not recorded", () => {
  test.each<[string, string, Code]>([
    ["a certificate for another host", `${certificate} not valid for name "localhost"`, "tls-wrong-host"],
    ["the same, in other words", "invalid peer certificate: NotValidForName", "tls-wrong-host"],
    ["an expired certificate", `${certificate} expired: verification time 1795496357`, "tls-not-valid-now"],
    ["a certificate of tomorrow", `${certificate} not valid yet: verification time 1795496362`, "tls-not-valid-now"],
    ["the same, in other words", "invalid peer certificate: NotValidYet", "tls-not-valid-now"],
    [
      "a server that requires a client certificate",
      `${unavailable}${request}connection error: received fatal alert: CertificateRequired`,
      "tls-client-certificate",
    ],
    [
      "a gateway that serves no such host",
      `${unavailable}${request}received fatal alert: UnrecognisedName`,
      "tls-handshake-failed",
    ],
    ["a proxy that wants credentials", `${request}tunnel error: proxy authorization required`, "proxy-login-required"],
    ["a proxy that refuses", `${request}tunnel error: unsuccessful`, "proxy-failed"],
    ["a WAF", "Forbidden", "gateway-answered"],
    ["an ingress with a login of its own", "Unauthorized", "gateway-answered"],
    ["a limit of the ingress", "Request Entity Too Large", "gateway-answered"],
    ["a route that is missing", "Not Found", "control-plane-not-spoken"],
    ["a gRPC port", "Unsupported Media Type", "control-plane-not-spoken"],
    ["a control plane that says more than Forbidden", "Forbidden for registrar", "permission-denied"],
    ["a proxy that is not there", `${request}tunnel error: Connection refused (os error 111)`, "proxy-failed"],
    ["an answer cut short", "error reading a body: end of file before message length reached", "control-plane-reset"],
    ["a login page", "invalid content-type: 'text/html'; expecting 'application/proto'", "control-plane-not-spoken"],
    ["a browser that is not there", "Browser-based (PKCE) login needs a loopback redirect URI", "flyte-wants-browser"],
    ["plain HTTP on a TLS port", "Bad Request", "tls-expected"],
    ["a server error", "Internal Server Error", "control-plane-failed"],
    [
      "a wrong secret at Entra",
      'Status Code (401) received from IDP: {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}',
      "client-refused",
    ],
    [
      "a service account that Keycloak does not have",
      'Status Code (401) received from IDP: {"error":"unauthorized_client","error_description":"Client not enabled to retrieve service account"}',
      "grant-refused",
    ],
    [
      "access_denied, which this CLI takes for a device login",
      "The request was denied on the other device.",
      "grant-refused",
    ],
    [
      "an unknown realm",
      'Status Code (404) received from IDP: {"error":"Realm does not exist"}',
      "token-endpoint-refused",
    ],
    [
      "a firewall",
      "Status Code (403) received from IDP: <html><title>403 Forbidden</title></html>",
      "token-endpoint-not-spoken",
    ],
    ["a scope", 'Status Code (400) received from IDP: {"error": "invalid_scope"}', "scope-refused"],
    ["an identity provider that is down", "Status Code (503) received from IDP: no", "token-endpoint-failed"],
    ["a token command", "Failed to refresh token with command `uctl get-token`.", "external-command-failed"],
    ["a CLI without ContainerTask", "Failed to convert default value for parameter 'spec'", "flyte-unsuitable"],
    ["an archived project", 'project "system" is archived', "project-archived"],
    [
      "a broken connection",
      "client error (SendRequest): connection closed before message completed",
      "control-plane-reset",
    ],
    [
      "a mistyped key of the pod template, whose message has words of the network in it",
      "Failed to load build_image_task.py: ValidationError: 1 validation error for V1PodSpec tolerations.0.opertor Extra inputs are not permitted [type=extra_forbidden, input_value='Exists']",
      "flyte-file-refused",
    ],
    ["a word that only begins like another", "type=extra_forbidden", "flyte-failed"],
    ["a limit", "Too Many Requests", "control-plane-unavailable"],
    ["anything else", "the moon is full", "flyte-failed"],
  ])("%s is understood", (_, words, code) => {
    expect(failureOf({ stderr: box(words) })).toMatchObject({ code, finding: { why: words } });
  });

  test("says which exit code an unknown failure had", () => {
    expect(described(failureOf({ exitCode: 7, stderr: "no idea" }))).toMatchObject({
      what: "flyte deploy failed (exit code 7)",
      why: "no idea",
    });
  });

  test("names memory where it was killed from outside and said nothing", () => {
    expect(failureOf({ exitCode: 137 })).toMatchObject({ code: "flyte-killed" });
  });

  test("is a timeout only where nothing more telling was said", () => {
    expect(failureOf({ exitCode: 124, stderr: box("Connection refused") }).code).toBe("control-plane-refused");
    expect(described(failureOf({ exitCode: 124 })).what).toContain("did not finish within 60 s");
  });
});

describe("whom a failure is about", () => {
  const refused = { stderr: box("token is missing or invalid") };
  const forbidden = { stderr: box("not allowed to register tasks in system") };
  const command: Credentials = { type: "externalCommand", command: ["uctl", "get-token"] };

  test("is named", () => {
    expect(described(failureOf(refused)).what).toBe("https://union.example.com rejects the token of registrar");
    expect(described(failureOf(forbidden, command)).what).toBe(
      "the caller that uctl logs in may not register tasks on https://union.example.com",
    );
    expect(described(failureOf({ stderr: box("Failed to refresh token with command") }, command)).next).toBe(
      "command -v uctl",
    );
  });

  test("is nobody without credentials: then they are missing, and not refused", () => {
    expect(failureOf(refused, { type: "none" }).code).toBe("credentials-missing");
  });
});
