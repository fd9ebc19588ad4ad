import { describe, expect, test } from "vitest";
import { pullFix } from "../../src/findings/catalog/pull-fixes.ts";
import { grantPull } from "../../src/findings/catalog/pull-rights.ts";
import { roleOf, showRights } from "../../src/findings/catalog/registry-kinds.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";

const reader = readerOf(anyone);
const place = {
  image: "registry.example.com/a:1",
  registry: "other",
  resource: "",
  identity: "",
  policy: "",
  configMap: "build-image-config",
  host: "registry.example.com",
  address: "",
} as const;

describe("the fix for a pull", () => {
  test.each([
    ["missing", /^Correct appVersion or task\.imageNamePrefix/],
    ["architecture", /^Copy .*nodeSelector/],
    ["rate-limited", /^Wait, or copy/],
    ["ca-unknown", /^Correct TLS between nodes and registry\.example\.com/],
    ["name-unknown", /^Allow TCP 443 from the nodes to registry\.example\.com/],
    ["forbidden", /^Give nodes .*ecr:BatchGetImage.*artifactregistry\.reader.*AcrPull/],
    ["login-required", /imagePullSecrets/],
  ])("of the kubelet's by %s is about nodes", (fault, fix) => {
    expect(pullFix("node", { ...place, fault }, reader)).toMatch(fix);
    expect(pullFix("node", { ...place, fault }, reader)).not.toContain("buildkit");
  });

  test.each([
    ["name-unknown", /^Correct the host registry\.example\.com/],
    ["ca-unknown", /registry\."registry\.example\.com"/],
    ["proxy-page", /^Allow the registry in the proxy/],
    ["forbidden", /^Give builds .*imageBuilder\.authenticationType/],
    ["a kind that is not known", /^Read what buildkit says/],
  ])("of buildkit's by %s is about buildkit and the login of builds", (fault, fix) => {
    expect(pullFix("worker", { ...place, fault }, reader)).toMatch(fix);
  });
});

test.each([
  ["node", "aws", "Give the nodes' IAM role ecr:BatchCheckLayerAvailability"],
  ["node", "google", "Give the nodes' Google service account roles/artifactregistry.reader on the repository."],
  ["node", "azure", "Give the kubelet's managed identity AcrPull on the registry."],
  ["worker", "aws", "Give the worker role (the IAM role of the build pods' service account) ecr:"],
  ["operator-proxy", "aws", "Give the IAM role of operator-proxy ecr:DescribeImages, ecr:"],
  ["operator-proxy", "google", "Give the Google service account of operator-proxy roles/artifactregistry.reader"],
  ["operator-proxy", "azure", "Give the managed identity of operator-proxy AcrPull"],
] as const)("the rights of %s in %s are named", (puller, registry, words) => {
  expect(grantPull(puller, { ...place, registry }).startsWith(words)).toBe(true);
});

test.each([
  ["arn:aws:sts::123456789012:assumed-role/worker/session-1", "worker", "arn:aws:iam::123456789012:role/worker"],
  ["arn:aws-cn:sts::123456789012:assumed-role/w/i-0a/b", "w", "arn:aws-cn:iam::123456789012:role/w"],
  ["arn:aws:iam::123456789012:role/team/a/worker", "worker", "arn:aws:iam::123456789012:role/team/a/worker"],
  ["arn:aws:iam::123456789012:user/alice", undefined, undefined],
  ["alice", undefined, undefined],
])("the role in %s is %s", (arn, name, role) => {
  expect([roleOf(arn)?.name, roleOf(arn)?.arn]).toEqual([name, role]);
});

test("without a cloud, the login of builds is shown", () => {
  expect(showRights(place, [])).toBe(
    "kubectl get configmap --all-namespaces --field-selector metadata.name=build-image-config -o yaml",
  );
});
