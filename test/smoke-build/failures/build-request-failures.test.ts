import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { type BuildStep, buildRequestFailure } from "../../../src/smoke-build/failures/build-request-failures.ts";
import { described } from "../../../testing/findings/described.ts";
import { anySubject } from "../../../testing/smoke-build/recorded-failures.ts";

const syncing =
  "the cluster pool [default] config for your requested queue is still syncing and hasn't updated its object store";

/**
 * Sources: the recorded runs of the flyte SDK against such answers; Union's page on task routing and the probes of its Helm charts
 * for routing; dataproxy/service of the open source server; testing/recordings/real-server-runs.json for the rejections.
 */
const rows: readonly (readonly [BuildStep, keyof typeof ConnectCode, string, Code])[] = [
  ["create-run", "FailedPrecondition", "no enabled cluster in pool [default]", "build-not-routed"],
  ["select-cluster", "NotFound", "no clusters found", "build-not-routed"],
  ["select-cluster", "NotFound", 'cluster "prod-us" not found', "build-not-routed"],
  [
    "select-cluster",
    "Unavailable",
    "could not select a cluster for organization acme, domain development",
    "build-cluster-unhealthy",
  ],
  ["create-run", "Unavailable", syncing, "build-cluster-unhealthy"],
  ["create-upload-location", "Internal", "failed to get data proxy client", "build-cluster-unhealthy"],
  ["get-action-data", "Internal", "failed to get proxy", "build-cluster-unhealthy"],
  ["select-cluster", "Unavailable", "cluster prod-us is unhealthy", "build-cluster-unhealthy"],
  ["create-upload-location", "PermissionDenied", "not allowed to upload", "build-not-allowed"],
  ["upload-inputs", "PermissionDenied", "denied", "build-not-allowed"],
  ["create-run", "PermissionDenied", "not allowed to create runs in flytesnacks/development", "build-not-allowed"],
  [
    "create-upload-location",
    "Internal",
    "failed to create signed URL: AccessDenied: kms:GenerateDataKey",
    "build-upload-unsigned",
  ],
  [
    "create-upload-location",
    "PermissionDenied",
    "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).",
    "build-upload-unsigned",
  ],
  ["upload-inputs", "Internal", "failed to write inputs: AccessDenied", "build-upload-unsigned"],
  ["create-run", "NotFound", 'project "nosuch" not found', "build-inputs-refused"],
  ["create-run", "InvalidArgument", "invalid run name: must be no more than 30 characters", "build-inputs-refused"],
  ["upload-inputs", "FailedPrecondition", "project is archived", "build-inputs-refused"],
  ["get-action-details", "NotFound", "action not found", "build-run-lost"],
  ["get-action-data", "NotFound", "no outputs", "build-output-missing"],
];

test.each(rows)("%s that ends with %s, %s, is %s", (step, code, words, expected) => {
  const failure = buildRequestFailure(new ConnectError(words, ConnectCode[code]), step, anySubject);
  expect(failure?.code).toBe(expected);
  expect(failure?.finding.why).toContain(words);
});

test("only a cluster that is unhealthy for the moment is worth a retry", () => {
  const transient = rows.filter(
    ([step, code, words]) =>
      buildRequestFailure(new ConnectError(words, ConnectCode[code]), step, anySubject)?.transient,
  );
  expect(new Set(transient.map(([, , , code]) => code))).toEqual(new Set(["build-cluster-unhealthy"]));
});

describe("what is the same for every request is left to the session", () => {
  test.each([
    ["create-run", new ConnectError("token is invalid", ConnectCode.Unauthenticated)],
    ["create-run", new ConnectError("slow down", ConnectCode.ResourceExhausted)],
    ["create-run", new ConnectError("already there", ConnectCode.AlreadyExists)],
    ["upload-inputs", new ConnectError("no such service", ConnectCode.Unimplemented)],
    ["create-run", new ConnectError("task not found: {system production build-image 1}", ConnectCode.Unknown)],
    ["create-run", Object.assign(new Error("unhealthy"), { code: "ECONNREFUSED" })],
  ] as const)("%s: %s", (step, error) => {
    expect(buildRequestFailure(error, step, anySubject)).toBeUndefined();
  });
});

test("who may not start a run is named, with the project, the domain and the rights", () => {
  const failure = buildRequestFailure(
    new ConnectError("denied", ConnectCode.PermissionDenied),
    "create-run",
    anySubject,
  );
  if (!failure) throw new Error("no failure");
  const { what, fix } = described(failure);
  expect(what).toBe("registrar may not start a run in flytesnacks/development");
  expect(fix).toMatch(/^Grant registrar a role on flytesnacks\/development: .*create_flyte_executions/);
});

test("the rights to sign are named by the cloud that the words show", () => {
  const fixOf = (words: string) => {
    const failure = buildRequestFailure(
      new ConnectError(words, ConnectCode.Internal),
      "create-upload-location",
      anySubject,
    );
    return failure ? described(failure).fix : "";
  };
  expect(fixOf("failed to create signed URL: Permission 'iam.serviceAccounts.signBlob' denied")).toMatch(
    /backend's Google service account.*roles\/iam\.serviceAccountTokenCreator on itself/,
  );
  expect(fixOf("failed to create signed URL: AccessDenied: kms:GenerateDataKey")).toMatch(
    /backend role .*kms:GenerateDataKey and kms:Decrypt/,
  );
  expect(fixOf("failed to write inputs: AuthorizationPermissionMismatch")).toMatch(
    /^Give the backend's managed identity, .* Storage Blob Data Contributor/,
  );
  expect(fixOf("failed to create signed URL: no")).toMatch(/s3:PutObject\*.*storage\.objectAdmin.*Storage Blob Data/);
});
