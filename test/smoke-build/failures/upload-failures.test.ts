import { describe, expect, test } from "vitest";
import { uploadFailure, uploadUnreachable } from "../../../src/smoke-build/failures/upload-failures.ts";
import { described } from "../../../testing/findings/described.ts";

const signature = "X-Amz-Security-Token=canary-token&X-Amz-Signature=canary-signature";
const s3 = {
  signedUrl: `https://acme-fast-registration.s3.us-east-1.amazonaws.com/flytesnacks/spec.pb?${signature}`,
  nativeUrl: "s3://acme-fast-registration/flytesnacks/spec.pb",
};
const gcs = {
  signedUrl: "https://storage.googleapis.com/acme-data/spec.pb?X-Goog-Signature=canary-signature",
  nativeUrl: "gs://acme-data/spec.pb",
};
const azure = {
  signedUrl: "https://acmedata.blob.core.windows.net/flyte/spec.pb?sig=canary-signature",
  nativeUrl: "abfs://flyte@acmedata.dfs.core.windows.net/spec.pb",
};

const error = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const arn = "arn:aws:sts::123456789012:assumed-role/union-backend/session";

/** Sources: the recorded uploads of the flyte SDK; the error pages of S3, Cloud Storage and Azure Blob Storage. */
const rows = [
  [
    "S3 without the right to write",
    s3,
    403,
    error(
      "AccessDenied",
      `User: ${arn} is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::acme-fast-registration/flytesnacks/spec.pb&quot; because no identity-based policy allows the s3:PutObject action`,
    ),
    /^Give IAM role union-backend of account 123456789012 s3:GetObject\*, s3:PutObject\*, s3:DeleteObject\*, s3:ListBucket on bucket acme-fast-registration/,
    "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/union-backend --action-names s3:PutObject --resource-arns arn:aws:s3:::acme-fast-registration/flytesnacks/spec.pb",
  ],
  [
    "S3 without the right to its key",
    s3,
    403,
    error(
      "AccessDenied",
      `User: ${arn} is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:us-east-1:123456789012:key/abc because no identity-based policy allows the kms:GenerateDataKey action`,
    ),
    /^Give IAM role union-backend .*kms:GenerateDataKey and kms:Decrypt on arn:aws:kms:us-east-1:123456789012:key\/abc/,
    "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/union-backend --action-names kms:GenerateDataKey --resource-arns arn:aws:kms:us-east-1:123456789012:key/abc",
  ],
  [
    "S3 that names nobody",
    s3,
    403,
    error("AccessDenied", "Access Denied"),
    /^Give the backend role \(.*the worker role does not count here\) s3:GetObject\*/,
    "aws s3api get-bucket-policy --bucket acme-fast-registration",
  ],
  [
    "S3 without the bucket",
    s3,
    404,
    error("NoSuchBucket", "The specified bucket does not exist"),
    /^Create bucket acme-fast-registration/,
    "aws s3api get-bucket-policy --bucket acme-fast-registration",
  ],
  [
    "S3 that does not accept the signature",
    s3,
    403,
    error("SignatureDoesNotMatch", "The request signature we calculated does not match"),
    /^Correct the clock/,
    "aws s3api get-bucket-policy --bucket acme-fast-registration",
  ],
  [
    "S3 with too many requests",
    s3,
    503,
    error("SlowDown", "Please reduce your request rate."),
    /^Wait until acme-fast-registration\.s3\.us-east-1\.amazonaws\.com/,
    "aws s3api get-bucket-policy --bucket acme-fast-registration",
  ],
  [
    "Cloud Storage without the right to write",
    gcs,
    403,
    "<Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>union-backend@acme.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object.</Details></Error>",
    /^Give union-backend@acme\.iam\.gserviceaccount\.com roles\/storage\.objectAdmin and roles\/storage\.bucketViewer on bucket acme-data/,
    "gcloud storage buckets get-iam-policy gs://acme-data",
  ],
  [
    "Azure without the right to write",
    azure,
    403,
    error("AuthorizationPermissionMismatch", "This request is not authorized to perform this operation"),
    /^Give the backend's managed identity, .* Storage Blob Data Contributor on the storage account/,
    "az role assignment list --all --query \"[?contains(scope, 'storageAccounts')]\" --output table",
  ],
  [
    "a proxy in place of the bucket",
    s3,
    403,
    "<html><head><title>Blocked</title></head><body>by policy</body></html>",
    /^Allow uploads to acme-fast-registration\.s3\.us-east-1\.amazonaws\.com in the proxy/,
    "aws s3api get-bucket-policy --bucket acme-fast-registration",
  ],
] as const;

test.each(rows)("%s", (_name, upload, status, body, fix, next) => {
  const found = described(uploadFailure({ status, body }, upload));
  expect(found.code).toBe("build-upload-refused");
  expect(found.what).toContain(`HTTP ${status}`);
  expect(found.fix).toMatch(fix);
  expect(found.next).toBe(next);
  expect(found.why).toMatch(new RegExp(`^HTTP ${status}: \\S`));
  expect(found.why).not.toMatch(/<|&quot;/);
});

test("the missing right is named as the bucket names it", () => {
  const refused = described(uploadFailure({ status: 403, body: rows[6][3] }, gcs));
  expect(refused.what).toMatch(
    /union-backend@acme\.iam\.gserviceaccount\.com has no right to storage\.objects\.create$/,
  );
});

/** What only the code in the body says: the status of S3 for another region is 301, that of Azure for a lost right may be 409. */
test.each([
  [
    301,
    error("PermanentRedirect", "The bucket you are attempting to access must be addressed otherwise"),
    /^Create bucket/,
  ],
  [409, error("AuthorizationFailure", "This request is not authorized"), /^Give the backend role/],
  [400, error("ExpiredToken", "The provided token has expired."), /^Correct the clock/],
  [429, "slow down", /^Wait until/],
  [418, "teapot", /^Give the backend role/],
])("HTTP %d, %s", (status, body, fix) => {
  expect(described(uploadFailure({ status, body }, s3)).fix).toMatch(fix);
});

test("a right is missing if the code in the body says so, whatever the status", () => {
  const body = error("AuthorizationFailure", "Blocked by the rules of the account.");
  expect(described(uploadFailure({ status: 409, body }, azure)).what).toMatch(/has no right to write there$/);
});

test("the signed URL's query is never shown, even if the bucket repeats it", () => {
  for (const text of [signature, "canary-signature", encodeURIComponent(signature), s3.signedUrl]) {
    const body = error("SignatureDoesNotMatch", `StringToSign: ${text}`);
    expect(JSON.stringify(described(uploadFailure({ status: 403, body }, s3)))).not.toContain("canary");
    expect(JSON.stringify(described(uploadUnreachable(new Error(`connect ${text}`), s3)))).not.toContain("canary");
  }
});

describe("a bucket whose host gives no answer", () => {
  const failed = (code: string, message = code) => Object.assign(new Error(message), { code });

  test.each([
    ["ENOTFOUND", /^Add acme-fast-registration\.s3\.us-east-1\.amazonaws\.com to the DNS/],
    ["ECONNREFUSED", /^Allow egress to acme-fast-registration\.s3.*com\.amazonaws\.<region>\.s3/],
    ["ETIMEDOUT", /^Allow egress/],
    ["ECONNRESET", /^Allow egress/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /^Add the CA of .* to controlPlane\.caFile/],
  ])("by %s", (code, fix) => {
    const found = described(uploadUnreachable(new TypeError("fetch failed", { cause: failed(code) }), s3));
    expect(found.code).toBe("build-upload-unreachable");
    expect(found.what).toBe(
      "the host of bucket acme-fast-registration, acme-fast-registration.s3.us-east-1.amazonaws.com, cannot be reached from here",
    );
    expect(found.fix).toMatch(fix);
    expect(found.why).toContain(code);
  });

  test("in any other way keeps the reason", () => {
    expect(uploadUnreachable(new Error("it went away"), azure).finding.why).toContain("it went away");
  });
});
