import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { asRunError, failedStepLog, recordedBuilds, recordedUv } from "../../testing/smoke-build/recorded-failures.ts";
import type { Fault } from "./fault.ts";

/** Builds go like this. */
const builds = (behavior: BuildBehavior): Pick<Fault, "command" | "world"> => ({
  command: ["verify", "--build"],
  world: { plane: { builds: behavior } },
});

/** Builds do not end, and this program does not wait long. */
const stuck = (behavior: BuildBehavior): Pick<Fault, "command" | "world"> => ({
  ...builds({ end: "never", ...behavior }),
  command: ["verify", "--build", "--build-timeout", "1s"],
});

/** The build pod has failed with this log, whose end is the error of the run. */
const logs = (log: string) => builds({ end: "failed", error: asRunError(log), log: log.split("\n") });

function recordedIn(recordings: ReturnType<typeof recordedBuilds>, name: string): string {
  const found = recordings.find((recording) => recording.name === name);
  if (!found) throw new Error(`no recording is named ${name}`);
  return found.log;
}

/** buildkit has said what it was recorded to say. */
const says = (name: string) => logs(recordedIn(recordedBuilds(), name));

/** uv has said so in a step of the image. */
const uvSays = (name: string) => logs(failedStepLog(recordedIn(recordedUv(), name)));

/** The control plane refuses a request. */
const refuses = (call: keyof NonNullable<BuildBehavior["refuse"]>, code: string, message: string) =>
  builds({ refuse: { [call]: { code, message } } });

/** Builds on this image. */
const onBase = (image: string) => (world: HealthyWorld) => {
  world.settings["build"] = { baseImage: image };
};

const accessDenied = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::123456789012:assumed-role/acme-backend/s is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::flyte-data/uploads/x" because no identity-based policy allows the s3:PutObject action</Message></Error>`;

/** What only a build can show. src/smoke-build/failures/ names the source of words where it matches them. */
export const buildFaults: readonly Fault[] = [
  {
    fault: "no cluster is enabled in the pool of the project",
    code: "build-not-routed",
    ...refuses("create-run", "failed_precondition", "no enabled cluster in pool [default]"),
  },
  {
    fault: "no cluster can be selected for an upload",
    code: "build-not-routed",
    ...refuses("select-cluster:create-upload-location", "not_found", "no clusters found"),
  },
  {
    fault: "the cluster is not connected for longer than a build may take",
    code: "build-cluster-unhealthy",
    ...stuck({
      refuse: {
        "select-cluster": {
          code: "unavailable",
          message: "could not select a cluster for organization acme, domain production",
        },
      },
    }),
  },
  {
    fault: "the client may register and not run",
    code: "build-not-allowed",
    ...refuses("create-run", "permission_denied", "not allowed to create runs in system/production"),
  },
  {
    fault: "the project of builds does not exist",
    code: "build-inputs-refused",
    command: ["verify", "--build", "--build-projects", "[nosuch/development]"],
  },
  {
    fault: "the backend may not sign uploads",
    code: "build-upload-unsigned",
    ...refuses("create-upload-location", "internal", "failed to create signed URL: signBlob: permission denied"),
  },
  {
    fault: "the backend may not write to the bucket",
    code: "build-upload-refused",
    ...builds({ upload: { status: 403, body: accessDenied } }),
  },
  {
    fault: "nothing listens at the bucket's host",
    code: "build-upload-unreachable",
    ...builds({ signedUrlHost: "127.0.0.1:9" }),
  },
  {
    fault: "the data plane's endpoint does not resolve",
    code: "build-data-plane-unreachable",
    command: ["verify", "--build", "--timeouts-control-plane", "1s"],
    world: { plane: { builds: { dataPlaneUrl: "https://data-plane.invalid" } } },
  },
  {
    fault: "the namespace's quota is used up",
    code: "build-forbidden",
    ...builds({
      end: "failed",
      error:
        'RuntimeExecutionError: pods "smoke-a0-0" is forbidden: exceeded quota: project-quota, requested: limits.memory=4Gi, used: limits.memory=30Gi, limited: limits.memory=32Gi',
    }),
  },
  {
    fault: "the service account of build pods does not exist",
    code: "service-account-missing",
    ...builds({
      end: "failed",
      error:
        'pods "smoke-a0-0" is forbidden: error looking up service account production/union: serviceaccount "union" not found',
    }),
  },
  {
    fault: "build pods wait for a ConfigMap that is not there",
    code: "build-config-missing",
    ...stuck({
      stuckIn: "initializing",
      events: ['MountVolume.SetUp failed for volume "config-volume" : configmap "build-image-config" not found'],
    }),
  },
  {
    fault: "the ConfigMap of build pods lacks a key",
    code: "build-config-key-missing",
    ...builds({
      end: "failed",
      error:
        "ContainersNotReady|CreateContainerConfigError: couldn't find key buildkit-uri in ConfigMap production/build-image-config",
    }),
  },
  {
    fault: "no node has room for a build pod",
    code: "build-unschedulable",
    ...stuck({ stuckIn: "queued", events: ["Unschedulable:0/3 nodes are available: 3 Insufficient cpu."] }),
  },
  {
    fault: "the kubelet cannot pull build-image",
    code: "build-image-not-pulled",
    ...builds({
      end: "failed",
      error:
        'Grace period [3m0s] exceeded|containers with unready status: [main]|Back-off pulling image "public.ecr.aws/union/build-image:2026.3.4": ErrImagePull: failed to pull and unpack image: 403 Forbidden',
    }),
  },
  {
    fault: "the build pod is killed for its memory",
    code: "build-pod-killed",
    ...builds({ end: "failed", error: "[main] terminated with exit code (137). Reason [OOMKilled]. Message: \n." }),
  },
  {
    fault: "buildkit cannot pull the frontend",
    code: "build-frontend-not-pulled",
    ...says("pull: public-ecr-aws-g1m2l3c1-imagebuilder-staging-frontend-v2-2026-3-4"),
  },
  {
    fault: "buildkit may not pull the base image",
    code: "build-base-not-pulled",
    ...says("pull: base--AR-download-refused"),
    inject: onBase("gar-denied.example/base/python:3.12"),
  },
  {
    fault: "buildkit is killed while it builds",
    code: "build-buildkit-lost",
    ...says("buildkit: buildkitd-killed-meanwhile"),
  },
  {
    fault: "build pods find nothing at buildkit's port",
    code: "buildkit-refused",
    ...says("buildkit: tcp---127-0-0-1-1"),
  },
  {
    fault: "the base image does not have the Python of the build",
    code: "build-python-missing",
    ...uvSays("0.13.9 only-system"),
  },
  { fault: "uv does not reach the index", code: "build-index-unreachable", ...uvSays("0.13.9 dns") },
  { fault: "an older uv does not reach the index", code: "build-index-unreachable", ...uvSays("0.5.31 dns") },
  { fault: "the index lacks the package", code: "build-package-missing", ...uvSays("0.13.9 package not there") },
  { fault: "a command of the image fails", code: "build-step-failed", ...says("pull: RUN-fails") },
  {
    fault: "ECR does not let the worker push",
    code: "build-push-denied",
    ...says("push, with credentials: ecr-pull-only"),
  },
  {
    fault: "Artifact Registry does not let the worker push, and its refusal does not say that it was a push",
    code: "build-push-denied",
    ...says("push, with credentials: gar-denied"),
  },
  {
    fault: "ACR lets the worker pull only",
    code: "build-push-denied",
    ...says("push, with credentials: acr-pull-only"),
  },
  { fault: "Harbor denies a push", code: "build-push-denied", ...says("push, no credentials: harbor-denied") },
  { fault: "GHCR denies a push", code: "build-push-denied", ...says("push, with credentials: ghcr-denied") },
  {
    fault: "builds do not log in to the registry",
    code: "build-push-not-logged-in",
    ...says("push, no credentials: ecr-no-login"),
  },
  {
    fault: "the repository does not exist",
    code: "build-repository-missing",
    ...says("push, with credentials: ecr-no-repository"),
  },
  { fault: "tags are immutable", code: "build-tag-immutable", ...says("push, with credentials: ecr-immutable") },
  {
    fault: "the registry's quota is used up",
    code: "build-registry-quota",
    ...says("push, with credentials: harbor-quota"),
  },
  { fault: "the registry fails", code: "build-push-failed", ...says("push, with credentials: server-error") },
  {
    fault: "the control plane has lost the run",
    code: "build-run-lost",
    ...refuses("get-action-details", "not_found", "run not found: system/production/smoke"),
  },
  { fault: "the build takes too long", code: "build-timeout", ...stuck({}) },
  {
    fault: "somebody aborts the run",
    code: "build-aborted",
    ...builds({ end: "aborted", abortReason: "alice needed the node" }),
  },
  {
    fault: "the run fails, and its words are not known",
    code: "build-failed",
    ...builds({ end: "failed", error: "the flux capacitor is out of plutonium" }),
  },
  { fault: "the task has another output", code: "build-output-missing", ...builds({ outputName: "o0" }) },
  {
    fault: "a proxy has answered every request of the push with a page, so the registry does not have the image",
    code: "build-image-not-seen",
    severity: "warning",
    ...builds({ imageSeen: false }),
  },
];
