import { describe, expect, test } from "vitest";
import { readRefusal } from "../../../src/smoke-build/failures/refused-identity.ts";
import { isSameRepository, placeOf } from "../../../src/smoke-build/failures/registry-place.ts";
import { anySubject } from "../../../testing/smoke-build/recorded-failures.ts";

describe("the registry of an image", () => {
  test.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", "aws", "arn:aws:ecr:eu-west-1:123456789012:repository/a/b"],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1",
      "aws",
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a",
    ],
    [
      "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/a:1",
      "aws",
      "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/a",
    ],
    ["europe-docker.pkg.dev/acme/union/b/c:1", "google", "projects/acme/locations/europe/repositories/union"],
    ["gcr.io/acme/b:1", "google", ""],
    ["acme.azurecr.io/b:1", "azure", ""],
    ["ghcr.io:443/acme/b:1", "github", ""],
    ["harbor.example.com:8443/acme/b:1", "harbor", ""],
    ["registry.example.com:5000/b:1", "other", ""],
    ["not a reference", "other", ""],
  ])("%s is known by its host", (image, registry, resource) => {
    expect(placeOf(image, "", anySubject)).toMatchObject({ image, registry, resource });
  });

  // Words of the recorded refusals, at a host that says nothing: a mirror, or a name of one's own.
  test.each([
    ["denied: not authorized to perform: ecr:PutImage on resource: x", "aws"],
    ["The repository with name 'a' does not exist in the registry with id '123456789012'", "aws"],
    ['denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "x"', "google"],
    ["authentication required, visit https://aka.ms/acr/authorization for more information.", "azure"],
    ["denied: permission_denied: write_package", "github"],
    ["adding 2.0 MiB of storage resource, which when updated to current usage", "harbor"],
    ["project acme not found: project acme not found", "harbor"],
    ["due to 'a:b' configured as immutable.", "harbor"],
    ["denied", "other"],
  ])("is known by the words %s", (words, registry) => {
    expect(placeOf("registry.example.com/a:b", words, anySubject).registry).toBe(registry);
  });

  test("is shown with a name of bounded length", () => {
    expect(placeOf("a".repeat(5000), "", anySubject).image).toHaveLength(300);
  });
});

test.each([
  ["python:3.12-slim", "docker.io/library/python:3.13", true],
  ["h.example.com/a@sha256:".concat("0".repeat(64)), "h.example.com/a:1", true],
  ["h.example.com/a:1", "h.example.com/b:1", false],
  ["not a reference", "not a reference", true],
])("%s and %s are of the same repository: %s", (one, other, isSame) => {
  expect(isSameRepository(one, other)).toBe(isSame);
});

/** Sources: AWS IAM's "Troubleshoot access denied error messages"; messages of Cloud Storage, IAM and Artifact Registry. */
test.each([
  [
    "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/c with an explicit deny in a resource-based policy",
    {
      identity: "arn:aws:iam::123456789012:user/ci",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::b/c",
      policy: "resource-based policy",
    },
  ],
  [
    "User: arn:aws:sts::123456789012:assumed-role/w/s is not authorized to perform: ecr:PutImage because no permissions boundary allows the ecr:PutImage action",
    {
      identity: "arn:aws:sts::123456789012:assumed-role/w/s",
      action: "ecr:PutImage",
      resource: "",
      policy: "permissions boundary",
    },
  ],
  [
    "w@acme.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object.",
    { identity: "w@acme.iam.gserviceaccount.com", action: "storage.objects.create", resource: "", policy: "" },
  ],
  [
    'Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/a/locations/b/repositories/c" (or it may not exist)',
    {
      identity: "",
      action: "artifactregistry.repositories.uploadArtifacts",
      resource: "projects/a/locations/b/repositories/c",
      policy: "",
    },
  ],
  [
    "iam.serviceAccounts.signBlob denied",
    { identity: "", action: "iam.serviceAccounts.signBlob", resource: "", policy: "" },
  ],
  ["denied", { identity: "", action: "", resource: "", policy: "" }],
])("the refusal %s is read", (words, refusal) => {
  expect(readRefusal(words)).toEqual(refusal);
});
