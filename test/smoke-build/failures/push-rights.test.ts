import { describe, expect, test } from "vitest";
import { explainRun } from "../../../src/smoke-build/failures/explain-run.ts";
import { described } from "../../../testing/findings/described.ts";
import { anySubject, asRunError, failedRun, recordedBuilds } from "../../../testing/smoke-build/recorded-failures.ts";

const ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

/** A recorded refusal, as the real registry of that name gives it. */
function refusal(name: string, host: string): string {
  const log = recordedBuilds().find((recorded) => recorded.name === `push, with credentials: ${name}`)?.log ?? "";
  return log.replaceAll(`${name}.example`, host);
}

const finding = (log: string) => described(explainRun(failedRun({ error: asRunError(log) }), anySubject));

describe("the refusal of a push names rights, identity and resource", () => {
  test("of Amazon ECR", () => {
    const { what, fix, next } = finding(refusal("ecr-pull-only", ecr));
    expect(what).toBe(
      `the registry denies the push of ${ecr}/union/smoke:smoke: IAM role acme-flyte-worker of account 123456789012 may not push there`,
    );
    expect(fix).toBe(
      "Give IAM role acme-flyte-worker of account 123456789012 ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:PutImage, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on arn:aws:ecr:us-east-1:123456789012:repository/union/smoke (in the role's policy or that of the repository), and ecr:GetAuthorizationToken on * in the role's policy.",
    );
    expect(next).toMatch(
      /^aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role\/acme-flyte-worker --action-names .*ecr:PutImage.* --resource-arns arn:aws:ecr:us-east-1:123456789012:repository\/union\/smoke$/,
    );
  });

  test("of Amazon ECR in another account, or behind a VPC endpoint", () => {
    const other = refusal("ecr-pull-only", ecr).replaceAll("us-east-1:123456789012:", "us-east-1:999999999999:");
    expect(finding(other).fix).toMatch(
      / The repository is of account 999999999999, so its own policy has to allow it too\.$/,
    );
    const endpoint = refusal("ecr-pull-only", ecr).replaceAll("no identity-based policy", "no VPC endpoint policy");
    expect(finding(endpoint).fix).toMatch(/ It is the VPC endpoint policy that refuses: allow it there\.$/);
    const denied = refusal("ecr-pull-only", ecr).replaceAll(
      /because no identity-based policy allows the \S+ action/g,
      "with an explicit deny in a service control policy",
    );
    expect(finding(denied).fix).toMatch(/ It is the service control policy that refuses: allow it there\.$/);
  });

  // Source: the recorded run of the flyte SDK with an older buildkit, whose words end with the status.
  test("of Amazon ECR, whose own words are missing", () => {
    const { code, fix, next } = finding(
      `time="2026-11-24T10:00:00Z" level=fatal msg="failed to solve: failed to push ${ecr}/union-dataplane:x: unexpected status from POST request to https://${ecr}/v2/union-dataplane/blobs/uploads/: 403 Forbidden"`,
    );
    expect(code).toBe("build-push-denied");
    expect(fix).toMatch(
      /^Give the worker role .*ecr:PutImage.* on arn:aws:ecr:us-east-1:123456789012:repository\/union-dataplane/,
    );
    expect(fix).toContain("limit of images");
    expect(next).toContain("--repository-name union-dataplane");
  });

  test("of Artifact Registry", () => {
    const { code, fix, next } = finding(refusal("gar-denied", "us-central1-docker.pkg.dev/acme"));
    expect(code).toBe("build-push-denied");
    expect(fix).toBe(
      "Give the worker's Google service account roles/artifactregistry.writer on projects/acme/locations/us-central1/repositories/union, and, to get tokens, roles/iam.serviceAccountTokenCreator on that service account itself. If the repository does not exist, create it: the registry refuses it in the same words. To find that identity, an annotation of the Kubernetes service account of build pods: kubectl get serviceaccounts --all-namespaces -o yaml | grep iam.gke.io/gcp-service-account",
    );
    expect(next).toBe("gcloud artifacts repositories get-iam-policy union --project acme --location us-central1");
  });

  test("of Azure Container Registry", () => {
    const { code, fix, next } = finding(refusal("acr-pull-only", "acme.azurecr.io"));
    expect(code).toBe("build-push-denied");
    expect(fix).toBe(
      `Give the worker's managed identity AcrPush on the registry. Without the label azure.workload.identity/use: "true" on build pods, they do not have that identity: check it too. To find that identity, an annotation of the Kubernetes service account of build pods: kubectl get serviceaccounts --all-namespaces -o yaml | grep azure.workload.identity/client-id`,
    );
    expect(next).toContain("az acr show --name acme ");
  });

  test("of Harbor", () => {
    const log = recordedBuilds().find(({ name }) => name === "push, no credentials: harbor-denied")?.log ?? "";
    const { code, fix } = finding(log.replaceAll("harbor-denied.example", "harbor.example.com"));
    expect(code).toBe("build-push-denied");
    expect(fix).toMatch(
      /^Give the Harbor user or robot account that builds log in with the role Developer or higher in project union; if it is a robot account, .* ConfigMap build-image-config says/,
    );
  });

  test("of GitHub's registry", () => {
    const { code, fix } = finding(refusal("ghcr-denied", "ghcr.io"));
    expect(code).toBe("build-push-denied");
    expect(fix).toMatch(
      /^Give the GitHub account that builds log in with the role Write on package union\/smoke .* its token \(classic\) the scope write:packages/,
    );
  });

  test("of any other registry, by the names of all that it may be", () => {
    const { fix } = finding(refusal("acr-pull-only", "registry.example.com"));
    expect(fix).toMatch(/ecr:PutImage.*roles\/artifactregistry\.writer.*AcrPush.*Harbor.*write:packages/);
  });
});

/** Sources: Harbor's src/pkg/immutable; the troubleshooting pages of Amazon ECR; distribution's error NAME_UNKNOWN. */
test.each([
  ["unknown: Failed to process request due to 'union/smoke:smoke' configured as immutable.", "build-tag-immutable"],
  ["denied: Your authorization token has expired. Reauthenticate and try again.", "build-push-not-logged-in"],
  ["no basic auth credentials", "build-push-not-logged-in"],
  ['name unknown: Repository "union" not found', "build-repository-missing"],
  [
    'failed to do request: Head "https://h.example.com/v2/": dial tcp: lookup h.example.com: no such host',
    "build-push-failed",
  ],
])("a push that ends with %s is %s", (words, code) => {
  const log = `------\n > exporting to image:\n------\nerror: failed to solve: failed to push h.example.com/union/smoke:smoke: ${words}\n`;
  expect(finding(log).code).toBe(code);
});

test("names of hosts and repositories are no answers", () => {
  const image = "quota-exceeded.example.com/denied/unauthorized:smoke";
  const log = `------\n > exporting to image:\n------\nerror: failed to solve: failed to push ${image}: unexpected status from HEAD request to https://${image}: 502 Bad Gateway\n`;
  expect(finding(log).code).toBe("build-push-failed");
});

describe("registries with a token endpoint refuse pull and push in the same words", () => {
  const error =
    "error: failed to solve: failed to fetch oauth token: denied: requested access to the resource is denied";

  test.each([
    ["exporting to image", "build-push-denied"],
    ["exporting cache to registry", "build-push-denied"],
    ["[internal] load metadata for h.example.com/base/python:3.12", "build-base-not-pulled"],
    ["resolve image config for docker-image://h.example.com/frontend-v2:1", "build-frontend-not-pulled"],
    ["[1/2] FROM h.example.com/base/python:3.12@sha256:0", "build-base-not-pulled"],
    ["[internal] load metadata for registry.example:5000/imagebuilder/frontend-v2:1", "build-frontend-not-pulled"],
  ])("the step %s decides: %s", (step, code) => {
    expect(finding(`------\n > ${step}:\n------\n${error}\n`).code).toBe(code);
  });

  test("without a step, the repository that a token was asked for decides", () => {
    const asked = (scope: string) =>
      finding(
        `error: failed to solve: failed to fetch anonymous token: unexpected status from GET request to https://h.example.com/token?scope=repository%3Ar%3Apull%2Cpush&scope=repository%3A${scope}&service=s: 403 Forbidden`,
      ).code;
    expect(asked("union%2Fsmoke%3Apull%2Cpush")).toBe("build-push-not-logged-in");
    expect(asked("union%2Fother%3Apull%2Cpush")).toBe("build-failed");
    expect(asked("base%2Fbusybox%3Apull")).toBe("build-base-not-pulled");
    expect(asked("imagebuilder%2Ffrontend-v2%3Apull")).toBe("build-frontend-not-pulled");
  });

  test("without any of it, nothing is claimed", () => {
    expect(finding(error).code).toBe("build-failed");
  });
});

test("a command to run has no words of a registry that a shell would read", () => {
  const { next } = finding(
    'error: failed to solve: failed to push us-central1-docker.pkg.dev/acme/union/smoke:x: denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/$(id)/locations/a/repositories/`id`" (or it may not exist)',
  );
  expect(next).toBe("gcloud artifacts repositories get-iam-policy '`id`' --project '$(id)' --location a");
});
