/** How long the program waits for one thing at most. docs/architecture.md has the table that is generated from these. */
interface Deadline {
  milliseconds: number;
  /** What is waited for. */
  wait: string;
  /** What happens at the deadline. */
  outcome: string;
}

/** Every deadline that no setting changes. Those of settings are `timeouts.…` in docs/settings.md. */
export const deadlines = {
  connect: { milliseconds: 10_000, wait: "a connection, proxy and TLS included", outcome: "retried" },
  // Shorter than any sensible timeouts.controlPlane, so that a request without an answer is retried.
  request: { milliseconds: 15_000, wait: "one request to the control plane", outcome: "retried" },
  tokenRequest: { milliseconds: 15_000, wait: "one request to the token endpoint", outcome: "retried" },
  tokenCommand: {
    milliseconds: 30_000,
    wait: "the command of `controlPlane.auth.command`",
    outcome: "`external-command-failed`",
  },
  // It takes 0.2 s, and 11 s on the tenth of a core that a full node leaves.
  flyteVersion: { milliseconds: 18_000, wait: "`flyte --version`", outcome: "`flyte-timeout`" },
  cluster: { milliseconds: 3_000, wait: "one exchange with the Kubernetes API server", outcome: "a warning" },
  // Shorter than exitAfterSignal: child processes must not outlive the program.
  processGroup: { milliseconds: 1_500, wait: "a child process after SIGTERM", outcome: "SIGKILL to its process group" },
  exitAfterSignal: { milliseconds: 4_500, wait: "the program after SIGTERM, SIGINT or SIGHUP", outcome: "exit" },
  exitAfterWork: { milliseconds: 500, wait: "a DNS lookup that outlives the run", outcome: "exit" },
  checkOffline: { milliseconds: 1_000, wait: "a check that contacts nothing", outcome: "`check-timeout`" },
  checkAppVersion: { milliseconds: 5_000, wait: "the check of the appVersion", outcome: "`check-timeout`" },
  checkDns: { milliseconds: 5_000, wait: "the check of the host name", outcome: "`check-timeout`" },
  checkRequest: {
    milliseconds: 8_000,
    wait: "a check that asks the control plane",
    outcome: "its cause, or `check-timeout`",
  },
  checkLogin: { milliseconds: 10_000, wait: "the check of the login", outcome: "its cause, or `check-timeout`" },
  checkObject: {
    milliseconds: 10_000,
    wait: "a check that reads a Kubernetes object",
    outcome: "`cluster-unreadable`",
  },
  // It loads the client library first, which takes 8 s on the tenth of a core that a full node leaves.
  checkCluster: { milliseconds: 15_000, wait: "the check of the API server", outcome: "`cluster-unreachable`" },
  checkBuildkit: {
    milliseconds: 10_000,
    wait: "the check of buildkit's port",
    outcome: "its cause, or `check-timeout`",
  },
  buildkitLookup: {
    milliseconds: 4_000,
    wait: "the lookup of buildkit's host name",
    outcome: "`buildkit-name-unknown`",
  },
  buildkitConnect: { milliseconds: 4_000, wait: "a connection to buildkit", outcome: "`buildkit-timeout`" },
  checkEgressNames: {
    milliseconds: 5_000,
    wait: "the check of the host names that builds need",
    outcome: "its cause, or `check-timeout`",
  },
  egressLookup: { milliseconds: 4_000, wait: "a lookup of such a name", outcome: "`egress-dns-failed`" },
  checkEgress: {
    milliseconds: 10_000,
    wait: "the check of the connections that buildkit gets to them",
    outcome: "its cause, or `check-timeout`",
  },
  checkIndex: {
    milliseconds: 14_000,
    wait: "the check of the package index",
    outcome: "its cause, or `check-timeout`",
  },
  indexQuestion: {
    milliseconds: 6_000,
    wait: "the answers of a package index, redirections included",
    outcome: "`index-timeout`",
  },
  // buildkit itself waits 30 s for a connection that nobody answers; no registry that answers takes so long.
  buildkitQuestion: {
    milliseconds: 8_000,
    wait: "buildkit's answer about one image",
    outcome: "`pull-no-answer`",
  },
  checkPull: {
    milliseconds: 12_000,
    wait: "the check of what buildkit can pull",
    outcome: "its cause, or `check-timeout`",
  },
  pullDetails: {
    milliseconds: 2_500,
    wait: "addresses and tags for what buildkit cannot pull",
    outcome: "left out",
  },
  checkRegistries: {
    milliseconds: 10_000,
    wait: "the check of the registries",
    outcome: "its cause, or `check-timeout`",
  },
  checkRegistryAnswer: {
    milliseconds: 8_000,
    wait: "the answers of a registry about one image, in a check",
    outcome: "`registry-timeout`",
  },
  portProbe: {
    milliseconds: 1_000,
    wait: "a TLS or HTTP/2 handshake on a plain HTTP port",
    outcome: "treated as plain HTTP",
  },
  registryRequest: { milliseconds: 15_000, wait: "one answer of a registry", outcome: "`registry-timeout`" },
  registryPause: { milliseconds: 30_000, wait: "the next bytes of a layer", outcome: "`registry-timeout`" },
  registryLoginHelper: {
    milliseconds: 10_000,
    wait: "a credential helper of a registry",
    outcome: "`registry-login-helper-failed`",
  },
  mirrorLookup: {
    milliseconds: 20_000,
    wait: "a registry's answer for `images mirror`, with retries",
    outcome: "its cause",
  },
  copyToolVersion: { milliseconds: 10_000, wait: "the version of a tool that copies images", outcome: "the next tool" },
  // Some tens of gigabytes at the speed of a slow line.
  mirrorCopy: { milliseconds: 7_200_000, wait: "the copy of one image", outcome: "`mirror-copy-failed`" },
  checkFlyteCli: { milliseconds: 20_000, wait: "the check of the flyte CLI", outcome: "`flyte-timeout`" },
  checkBaseImage: { milliseconds: 25_000, wait: "the check of a base image", outcome: "its cause, or `check-timeout`" },
  baseImageLayers: {
    milliseconds: 18_000,
    wait: "the layers of all base images together, as a check reads them",
    outcome: "`python-unknown`",
  },
  checkRetries: { milliseconds: 4_000, wait: "a request of a check with its retries", outcome: "its cause" },
  checkGrace: {
    milliseconds: 250,
    wait: "a check to report its own cause after its deadline",
    outcome: "`check-timeout`",
  },
  checkRun: { milliseconds: 30_000, wait: "all checks", outcome: "`check-timeout` for those that have not ended" },
  upload: { milliseconds: 15_000, wait: "one upload to a bucket", outcome: "three times retried, then its cause" },
  // Both together are shorter than exitAfterSignal.
  createRunAfterSignal: {
    milliseconds: 3_000,
    wait: "the answer about a run that is being created, after the build is given up",
    outcome: "the run is aborted by its name",
  },
  abortRun: { milliseconds: 1_200, wait: "the abortion of a run", outcome: "`build-run-left`" },
  buildEvidence: {
    milliseconds: 10_000,
    wait: "the log of a build that has failed",
    outcome: "left out: the error of the run has its end",
  },
  finishedLog: {
    milliseconds: 2_000,
    wait: "the log of a build that has succeeded",
    outcome: "left out: it names the digest",
  },
  lostRun: {
    milliseconds: 10_000,
    wait: "a run that the control plane says it does not know",
    outcome: "`build-run-lost`",
  },
  lateError: {
    milliseconds: 3_000,
    wait: "the error of a run that has failed",
    outcome: "explained by events and log",
  },
  streamPause: {
    milliseconds: 3_000,
    wait: "a stream of a run that was cut, or that has nothing yet",
    outcome: "asked again",
  },
  supportBundle: {
    milliseconds: 8_000,
    wait: "data that only a support bundle requires",
    outcome: "left out, with the reason",
  },
} as const satisfies Record<string, Deadline>;
