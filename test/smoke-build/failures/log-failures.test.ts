import { describe, expect, test } from "vitest";
import { explainRun } from "../../../src/smoke-build/failures/explain-run.ts";
import {
  anySubject,
  asRunError,
  failedRun,
  failedStepLog,
  recordedUv,
} from "../../../testing/smoke-build/recorded-failures.ts";

const explain = (log: string) => explainRun(failedRun({ error: asRunError(log) }), anySubject);

/** A recorded text of uv, in a step. */
function uvStep(name: string): string {
  return failedStepLog(recordedUv().find((recorded) => recorded.name === name)?.log ?? "");
}

describe("a package index that gives nothing", () => {
  const index = "https://index.invalid.example/simple";
  const image = anySubject.baseImage;

  test.each([
    ["0.5.31 dns", { index, image, fault: "network" }],
    ["0.8.24 dns", { index, image, fault: "network" }],
    ["0.13.9 dns", { index, image, fault: "network" }],
    ["0.13.9 refused", { index: "http://127.0.0.1:9/simple", image, fault: "network" }],
    ["0.13.9 403", { index: "http://127.0.0.1:8999/f403/simple", image, fault: "forbidden" }],
    ["0.13.9 401", { index: "http://127.0.0.1:8999/f401/simple", image, fault: "login" }],
    ["0.13.9 503", { index: "http://127.0.0.1:8999/f503/simple", image, fault: "server" }],
  ])("by uv %s", (name, args) => {
    expect(explain(uvStep(name)).args).toEqual(args);
  });

  // Causes of a fetch as uv words them for the other statuses, and for a CA that it does not trust (docs/errors.md).
  test.each([
    ["invalid peer certificate: UnknownIssuer (os error 5)", "tls"],
    ["HTTP status client error (401 Unauthorized) for url", "login"],
    ["HTTP status client error (403 Forbidden) for url", "forbidden"],
    ["HTTP status client error (429 Too Many Requests) for url", "server"],
    ["something else", "other"],
  ])("because of %s", (cause, fault) => {
    const output = `error: Request failed\n  cause: Failed to fetch: https://user:canary@h.example.com/a/\n  cause: ${cause}`;
    const found = explain(failedStepLog(output));
    expect(found.args).toMatchObject({ index: "https://h.example.com/a", fault });
    expect(JSON.stringify(found)).not.toContain("canary");
  });
});

test("the reason is the last error of the step, without what was printed before, and in whole sentences", () => {
  expect(
    explain(
      failedStepLog(
        `Resolved 1 package\n${"  × No interpreter found for Python 3.14 in managed installations or search\n  │ path"}`,
      ),
    ).why,
  ).toBe("× No interpreter found for Python 3.14 in managed installations or search path");
});

test("a package of which there is no such version is named", () => {
  const found = explain(
    failedStepLog("error: No solution found\n  cause: Because there is no version of six==99 and you require six==99"),
  );
  expect([found.code, found.args]).toEqual(["build-package-missing", { packages: ["six"] }]);
});

describe("buildkit", () => {
  const dial = (words: string) =>
    `error: listing workers for Build: failed to list workers: Unavailable: connection error: desc = "transport: Error while dialing: ${words}"`;

  /** Go's words about the network, in the recorded sentence. */
  test.each([
    [dial("dial tcp 10.0.0.1:1234: i/o timeout"), "buildkit-timeout", { address: "10.0.0.1:1234" }],
    [dial("dial tcp 10.0.0.1:1234: connect: no route to host"), "buildkit-timeout", { address: "10.0.0.1:1234" }],
    [dial("dial tcp 10.0.0.1:1234: connect: connection refused"), "buildkit-refused", { address: "10.0.0.1:1234" }],
    [dial("dial tcp: lookup buildkit.union.svc: i/o timeout"), "buildkit-name-unknown", { host: "buildkit.union.svc" }],
    [dial("dial tcp: lookup tcp: no such host"), "buildkit-address-malformed", { address: "tcp:…" }],
    [dial("dial tcp: address a:b:c: too many colons in address"), "buildkit-address-malformed", { address: "tcp:…" }],
    [
      "error: listing workers for Build: failed to list workers: DeadlineExceeded: context deadline exceeded",
      "buildkit-timeout",
      { address: "imageBuilder.buildkitUri" },
    ],
    [
      "error: failed to solve: rpc error: code = Unavailable desc = error reading from server: EOF",
      "build-buildkit-lost",
      { loss: "lost" },
    ],
    // What the real buildctl 0.34.2 says if it notices the loss in the answer, and not in the progress.
    ["error: failed to solve: Unavailable: error reading from server: EOF", "build-buildkit-lost", { loss: "lost" }],
  ])("that ends a build with %s", (log, code, args) => {
    const found = explain(log);
    expect([found.code, found.args]).toEqual([code, args]);
  });

  test.each([
    ["a step that is killed", failedStepLog("").replaceAll("exit code: 2", "exit code: 137"), "memory"],
    ["a step on a full disk", failedStepLog("error: failed to write: No space left on device (os error 28)"), "disk"],
    [
      "a full disk outside of steps",
      "error: failed to solve: write /var/lib/buildkit/x: no space left on device",
      "disk",
    ],
    [
      "a full disk while an image is unpacked",
      "------\n > [1/2] FROM h.example.com/a:1:\n------\nerror: failed to solve: failed to extract layer: no space left on device",
      "disk",
    ],
  ])("by %s has lost the build", (_name, log, loss) => {
    const found = explain(log);
    expect([found.code, found.args]).toEqual(["build-buildkit-lost", { loss }]);
  });
});

test("a step that fails in another way is named, without credentials in its command", () => {
  const log = failedStepLog("boom", "curl https://user:canary@h.example.com/a");
  const found = explain(log);
  expect([found.code, found.args]).toEqual(["build-step-failed", { step: "[2/2] RUN curl https://h.example.com/a" }]);
  expect(found.why).toMatch(/^boom\n/);
  const cut = log.slice(log.lastIndexOf("error: failed to solve"));
  expect(explain(cut).args).toEqual({ step: "/bin/sh -c curl https://h.example.com/a" });
});

/** Words of the recorded refusals, in a log that is cut before its step. */
test.each([
  ["failed to resolve source metadata for h.example.com/x:1: 403 Forbidden", "build-base-not-pulled"],
  ["push access denied, repository does not exist", "build-push-denied"],
  ["denied: permission_denied: write_package", "build-push-denied"],
  ['denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "x"', "build-push-denied"],
  ["denied: not authorized to perform: ecr:UploadLayerPart on resource: x", "build-push-denied"],
  ["pull access denied, repository does not exist", "build-base-not-pulled"],
  [
    'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "x"',
    "build-base-not-pulled",
  ],
  ["denied: not authorized to perform: ecr:BatchGetImage on resource: x", "build-base-not-pulled"],
])("without a step, %s is %s", (words, code) => {
  expect(explain(`error: failed to solve: ${words}`).code).toBe(code);
});

test("a pull whose words name no host has that of the image", () => {
  const found = explain(
    "------\n > [internal] load metadata for h.example.com:5000/a:1:\n------\nerror: failed to solve: denied\n",
  );
  expect(found.args).toMatchObject({ image: "h.example.com:5000/a:1", host: "h.example.com:5000" });
});
