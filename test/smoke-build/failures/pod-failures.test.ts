import { describe, expect, test } from "vitest";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { explainRun } from "../../../src/smoke-build/failures/explain-run.ts";
import { described } from "../../../testing/findings/described.ts";
import { anySubject, failedRun } from "../../../testing/smoke-build/recorded-failures.ts";

const { buildImage } = anySubject;
const kubelet = `Failed to pull image "${buildImage}": rpc error: code = Unknown desc = failed to pull and unpack image "${buildImage}": failed to resolve reference "${buildImage}":`;

/**
 * What the API server, kubelet and scheduler say of pods, and what the fix has to name. Sources: kubernetes 1.37
 * (plugin/pkg/admission/{resourcequota,limitranger,serviceaccount}, staging/src/k8s.io/pod-security-admission, pkg/kubelet,
 * pkg/scheduler/framework) and flyteplugins/go/tasks/pluginmachinery/flytek8s/pod_helper.go, which wraps it.
 */
const rows: readonly (readonly [words: string, code: Code, fix: RegExp])[] = [
  [
    'pods "a0-0" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=10, limited: limits.cpu=10',
    "build-forbidden",
    /^Raise ResourceQuota compute /,
  ],
  [
    'pods "a0-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    "build-forbidden",
    /pod-security\.kubernetes\.io\/enforce.*restricted:latest/,
  ],
  [
    'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod was blocked',
    "build-forbidden",
    /admission webhook validate\.kyverno\.svc-fail/,
  ],
  [
    "pods \"a0-0\" is forbidden: ValidatingAdmissionPolicy 'registries' with binding 'all' denied request: not allowed",
    "build-forbidden",
    /ValidatingAdmissionPolicy 'registries'/,
  ],
  [
    'pods "a0-0" is forbidden: [maximum cpu usage per Container is 2, but limit is 4, maximum memory usage per Container is 1Gi, but limit is 4Gi]',
    "build-forbidden",
    /LimitRange/,
  ],
  [
    'pods is forbidden: User "system:serviceaccount:union:executor" cannot create resource "pods" in API group "" in the namespace "a"',
    "build-forbidden",
    /RoleBinding in the namespace of builds, which the data plane's chart creates\)\.$/,
  ],
  [
    '[InvalidResource] Pod "a0-0" is invalid: spec.containers[0].image: Required value',
    "build-forbidden",
    /pod itself/,
  ],
  ["[BadRequest] Pod in version v1 cannot be handled: json: unknown", "build-forbidden", /pod itself/],
  ['pods "a0-0" is forbidden: no PriorityClass with name high was found', "build-forbidden", /task\.podTemplate/],
  [
    'pods "a0-0" is forbidden: error looking up service account flytesnacks-development/union: serviceaccount "union" not found',
    "service-account-missing",
    /kubectl -n flytesnacks-development create serviceaccount union/,
  ],
  [
    "[ContainersNotReady|CreateContainerConfigError]: containers with unready status: [main]|couldn't find key buildkit-uri in ConfigMap union/build-image-config",
    "build-config-key-missing",
    /imageBuilder\.buildkitUri/,
  ],
  [
    `Grace period [3m0s] exceeded|containers with unready status: [main]|Back-off pulling image "${buildImage}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${buildImage}": failed to resolve reference "${buildImage}": ${buildImage}: not found`,
    "build-image-not-pulled",
    /registrar images mirror/,
  ],
  [
    '[ContainersNotReady|InvalidImageName]: Failed to apply default image tag "A:B:c"',
    "build-image-not-pulled",
    /nodes/,
  ],
  ["The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi", "build-pod-killed", /requests/],
  [
    "\r\n[main] terminated with exit code (137). Reason [OOMKilled]. Message: \n.",
    "build-pod-killed",
    /resources\.limits\.memory in task\.podTemplate.*registrar register/,
  ],
  [
    "\r\n[main] terminated with exit code (137). Reason [Error]. Message: \n#5 exporting.",
    "build-pod-killed",
    /drained/,
  ],
];

test.each(rows)("the error of a run, %s, is %s", (error, code, fix) => {
  const found = described(explainRun(failedRun({ error }), anySubject));
  expect(found.code).toBe(code);
  expect(found.fix).toMatch(fix);
  expect(found.why).not.toBe("");
});

/** A run that this program no longer waits for. */
const waitedFor = (phase: "queued" | "initializing" | "running", events: readonly string[], log = "") =>
  explainRun(failedRun({ phase, hasEnded: false, seconds: 600, events, log }), anySubject);

describe("at the deadline", () => {
  test.each([
    [
      "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available",
      /^Add a node with room.*registrar register\.$/,
    ],
    [
      "Unschedulable:0/2 nodes are available: 2 node(s) had untolerated taint {gpu: true}",
      /^Set tolerations in task\.podTemplate/,
    ],
    [
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector",
      /^Set nodeSelector in task\.podTemplate/,
    ],
  ])("%s is no room on nodes", (event, fix) => {
    const found = described(waitedFor("queued", [event]));
    expect(found.code).toBe("build-unschedulable");
    expect(found.fix).toMatch(fix);
  });

  test("a ConfigMap that a volume lacks is found by the last event, whatever its namespace", () => {
    const event = 'MountVolume.SetUp failed for volume "config-volume" : configmap "build-image-config" not found';
    const found = described(waitedFor("initializing", ["Successfully assigned a/b to node", event]));
    expect(found.code).toBe("build-config-missing");
    expect(found.what).toMatch(/^ConfigMap build-image-config does not exist/);
    expect(found.next).toContain("metadata.name=build-image-config");
  });

  test("a key that a volume lacks is found with the ConfigMap of the task", () => {
    const found = described(
      waitedFor("initializing", [
        'MountVolume.SetUp failed for volume "config-volume" : configmap references non-existent config key: storage.yaml',
      ]),
    );
    expect(found.code).toBe("build-config-key-missing");
    expect(found.what).toContain("ConfigMap build-image-config has no key storage.yaml");
    expect(found.next).toContain("--all-namespaces");
  });

  test("what has passed does not count", () => {
    const events = [
      "0/3 nodes are available: 3 Insufficient cpu.",
      "Successfully assigned a/b to node",
      `Pulling image "${buildImage}"`,
    ];
    const found = waitedFor("initializing", events);
    expect([found.code, found.why]).toEqual(["build-timeout", `Pulling image "${buildImage}"`]);
    const pulled = [`${kubelet} dial tcp: i/o timeout`, `Successfully pulled image "${buildImage}" in 2s`];
    expect(waitedFor("initializing", pulled).code).toBe("build-timeout");
  });

  test("a volume that was missing and came does not count", () => {
    const missing = 'MountVolume.SetUp failed for volume "config-volume" : configmap "build-image-config" not found';
    expect(waitedFor("initializing", [missing, "Started container main"]).code).toBe("build-timeout");
  });

  test("a back-off without a cause has that of the pull before it", () => {
    const events = [
      `Pulling image "${buildImage}"`,
      `${kubelet} unexpected status from HEAD request to https://registry.example:5000/v2/a/manifests/1: 403 Forbidden`,
      `Back-off pulling image "${buildImage}"`,
      `Pulling image "${buildImage}"`,
    ];
    const found = described(waitedFor("initializing", events));
    expect(found.code).toBe("build-image-not-pulled");
    expect(found.why).toContain("403 Forbidden");
    expect(found.fix).toMatch(/AcrPull.*artifactregistry|artifactregistry.*AcrPull/);
  });

  test("a build that still runs is late, whatever was said of its pod before, and its log says where it stands", () => {
    const found = waitedFor("running", [`Back-off pulling image "${buildImage}"`], "#5 [2/2] RUN sleep 900\n");
    expect([found.code, found.why]).toEqual(["build-timeout", "#5 [2/2] RUN sleep 900"]);
    expect(described(found).what).toBe("build smoke-abc did not finish within 600 s; it was running");
  });
});

test("the nodes' identity is named for the kubelet's pull, by the cloud of the registry", () => {
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/union/build-image:2026.3.4";
  const error = `Back-off pulling image "${image}": ErrImagePull: failed to resolve reference "${image}": unexpected status from HEAD request to https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/v2/union/build-image/manifests/2026.3.4: 403 Forbidden`;
  const { fix } = described(explainRun(failedRun({ error }), anySubject));
  expect(fix).toContain(
    "Give the nodes' IAM role ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on arn:aws:ecr:eu-central-1:123456789012:repository/union/build-image",
  );
});

test("a long name of an image does not hide why it is not pulled", () => {
  const image = `registry.example.com/${"long/".repeat(40)}build-image:2026.3.4`;
  const error = `Back-off pulling image "${image}": ErrImagePull: failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  const { fix } = described(explainRun(failedRun({ error }), anySubject));
  expect(fix).toMatch(/^Correct appVersion or task\.imageNamePrefix/);
});

test("an aborted build is that, with the reason that was given, whatever its pod says", () => {
  const evidence = failedRun({ phase: "aborted", abortReason: "cleaned up by alice", events: ["OOMKilled"] });
  const found = explainRun(evidence, anySubject);
  expect([found.code, found.why]).toEqual(["build-aborted", "cleaned up by alice"]);
});

test("a run that the control plane has timed out is late, if nothing else is known", () => {
  const found = explainRun(failedRun({ phase: "timed-out", error: "deadline exceeded" }), anySubject);
  expect([found.code, found.why]).toEqual(["build-timeout", "deadline exceeded"]);
});

test("what nobody knows is shown with its last words", () => {
  const found = explainRun(failedRun({ error: "\u001b[31mthe moon is full\u001b[0m\r\nand rising" }), anySubject);
  expect([found.code, found.why]).toEqual(["build-failed", "the moon is full\nand rising"]);
});
