import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Code } from "../../../src/findings/catalog/catalog.ts";
import { explainRun } from "../../../src/smoke-build/failures/explain-run.ts";
import {
  anySubject,
  asRunError,
  failedRun,
  failedStepLog,
  recordedBuilds,
  recordedUv,
} from "../../../testing/smoke-build/recorded-failures.ts";

/** The code of every build of testing/recordings/buildkit-build-0.34.2.json that failed. */
const builds: Readonly<Record<string, Code>> = {
  "push, no credentials: acr-no-login": "build-push-not-logged-in",
  "push, no credentials: acr-pull-only": "build-push-denied",
  "push, no credentials: ecr-immutable": "build-tag-immutable",
  "push, no credentials: ecr-no-login": "build-push-not-logged-in",
  "push, no credentials: ecr-no-repository": "build-repository-missing",
  "push, no credentials: ecr-none": "build-push-denied",
  "push, no credentials: ecr-pull-only": "build-push-denied",
  "push, no credentials: gar-denied": "build-push-not-logged-in",
  "push, no credentials: gar-unauthenticated": "build-push-not-logged-in",
  "push, no credentials: ghcr-denied": "build-push-not-logged-in",
  "push, no credentials: harbor-denied": "build-push-denied",
  "push, no credentials: harbor-no-project": "build-repository-missing",
  "push, no credentials: harbor-quota": "build-registry-quota",
  "push, no credentials: quay-unauthorized": "build-push-not-logged-in",
  "push, no credentials: server-error": "build-push-failed",
  "push, with credentials: acr-no-login": "build-push-not-logged-in",
  "push, with credentials: acr-pull-only": "build-push-denied",
  "push, with credentials: ecr-immutable": "build-tag-immutable",
  "push, with credentials: ecr-no-login": "build-push-not-logged-in",
  "push, with credentials: ecr-no-repository": "build-repository-missing",
  "push, with credentials: ecr-none": "build-push-denied",
  "push, with credentials: ecr-pull-only": "build-push-denied",
  "push, with credentials: gar-denied": "build-push-denied",
  "push, with credentials: gar-unauthenticated": "build-push-not-logged-in",
  "push, with credentials: ghcr-denied": "build-push-denied",
  "push, with credentials: harbor-quota": "build-registry-quota",
  "push, with credentials: server-error": "build-push-failed",
  // Without a step: the image was used as a frontend, and is none.
  "pull: 127-0-0-1-25443-base-busybox-1": "build-failed",
  "pull: 127-0-0-1-25443-imagebuilder-frontend-v2-9-9-9": "build-frontend-not-pulled",
  "pull: 127-0-0-1-26000-imagebuilder-frontend-v2-2026-3-4": "build-frontend-not-pulled",
  "pull: RUN-fails": "build-step-failed",
  "pull: base--AR-download-refused": "build-base-not-pulled",
  "pull: base--ECR-pull-refused": "build-base-not-pulled",
  "pull: base--connection-refused": "build-base-not-pulled",
  "pull: base--docker-hub--no-egress-": "build-base-not-pulled",
  "pull: base--login-page": "build-base-not-pulled",
  "pull: base--name-unknown": "build-base-not-pulled",
  "pull: base--no-login--basic-": "build-base-not-pulled",
  "pull: base--repository-does-not-exist": "build-base-not-pulled",
  "pull: base--tag-does-not-exist": "build-base-not-pulled",
  "pull: no-shell": "build-step-failed",
  "pull: public-ecr-aws-g1m2l3c1-imagebuilder-staging-frontend-v2-2026-3-4": "build-frontend-not-pulled",
  "buildkit: buildkitd-killed-meanwhile": "build-buildkit-lost",
  "buildkit: tcp----tcp---x-1234-": "buildkit-address-malformed",
  "buildkit: tcp---127-0-0-1-1": "buildkit-refused",
  "buildkit: tcp---127-0-0-1-25443": "buildkit-foreign",
  "buildkit: tcp---union-operator-buildkit-union-svc-cluster-local-1234": "buildkit-name-unknown",
};

/** The code of every text of testing/recordings/uv-failures.json. */
const uv: Readonly<Record<string, Code>> = {
  "0.5.31 dns": "build-index-unreachable",
  "0.8.24 dns": "build-index-unreachable",
  "0.10.9 dns": "build-index-unreachable",
  "0.13.9 dns": "build-index-unreachable",
  "0.13.9 refused": "build-index-unreachable",
  "0.13.9 403": "build-index-unreachable",
  "0.13.9 401": "build-index-unreachable",
  "0.13.9 503": "build-index-unreachable",
  "0.13.9 package not there": "build-package-missing",
  "0.5.31 uv venv --python 3.14, downloads never": "build-python-missing",
  "0.8.24, 0.10.9, 0.13.9 uv venv": "build-python-missing",
  "0.13.9 only-system": "build-python-missing",
  "uv pip install --python 3.14": "build-python-missing",
  "uv pip install --python 3.14 --system": "build-python-missing",
};

const recorded = [
  ...recordedBuilds().map(({ name, log }) => ({ name, log, code: builds[name] })),
  ...recordedUv().flatMap(({ name, log }) => [
    { name: `uv ${name}`, log, code: uv[name] },
    { name: `uv ${name}, in a step`, log: failedStepLog(log), code: uv[name] },
  ]),
];

test("every recorded failure has its code here, and none is here that is not recorded", () => {
  expect(recordedBuilds().map(({ name }) => name)).toEqual(Object.keys(builds));
  expect(recordedUv().map(({ name }) => name)).toEqual(Object.keys(uv));
});

describe.each(recorded)("$name", ({ log, code }) => {
  test("is told by the error of the run, which has the end of the log", () => {
    expect(explainRun(failedRun({ error: asRunError(log) }), anySubject).code).toBe(code);
  });

  test("is told by the log where the error has nothing", () => {
    const error = "\r\n[main] terminated with exit code (1). Reason [Error]. Message: \n.";
    expect(explainRun(failedRun({ error, log }), anySubject).code).toBe(code);
  });

  test("is told by the log where the error is cut in its last paragraph", () => {
    const error = asRunError(log.slice(-40));
    expect(explainRun(failedRun({ error, log }), anySubject).code).toBe(code);
  });

  test("is told by a structured log", () => {
    const message = JSON.stringify(log.trimEnd().split("\n").slice(-30).join("\n"));
    const error = asRunError(`time="2026-11-24T10:00:00Z" level=fatal msg=${message}`);
    expect(explainRun(failedRun({ error }), anySubject).code).toBe(code);
  });

  test("is told wherever the log is cut before the step and its output", () => {
    const end = Math.max(0, log.lastIndexOf("\n > ") >= 0 ? log.lastIndexOf("\n > ") + 1 : log.search(/^error: /m));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end }), (from) => {
        expect(explainRun(failedRun({ error: asRunError(log.slice(from)) }), anySubject).code).toBe(code);
      }),
      { numRuns: 30 },
    );
  });

  test("shows the words in lines, and not the whole log", () => {
    const { why } = explainRun(failedRun({ error: asRunError(log), log }), anySubject);
    expect(why).not.toBe("");
    expect(why).not.toMatch(/\r|^#\d+ |terminated with exit code|\?scope=/m);
    expect(why.length).toBeLessThanOrEqual(1000);
  });
});

test("whatever a run says has a finding with a bounded reason", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 3000 }),
    fc
      .array(fc.oneof(fc.constantFrom(...recorded.map(({ log }) => log)), fc.string({ maxLength: 40 })), {
        maxLength: 4,
      })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(
      fc.record({
        phase: fc.constantFrom("queued", "initializing", "running", "failed", "aborted", "timed-out", "unknown"),
        hasEnded: fc.boolean(),
        error: fc.oneof(text, text.map(asRunError)),
        abortReason: text,
        events: fc.array(text, { maxLength: 3 }),
        log: text,
      }),
      (evidence) => {
        const { why } = explainRun(failedRun(evidence), anySubject);
        expect(why.length).toBeLessThanOrEqual(1000);
      },
    ),
    { numRuns: 200 },
  );
});
