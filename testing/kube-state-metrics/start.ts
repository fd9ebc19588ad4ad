import { execa } from "execa";
import { waitFor } from "../local-cluster/wait-for.ts";
import { freePort } from "../network/free-port.ts";

/** Its `--metric-annotations-allowlist` as docs/operations.md has it. */
export const allowList =
  "configmaps=[image-builder-registrar.union.ai/current,image-builder-registrar.union.ai/current-owner]";

/** A running kube-state-metrics. `await using` stops it. */
export interface KubeStateMetrics extends AsyncDisposable {
  /** What it serves of the namespace, as text. */
  scrape(): Promise<string>;
}

/**
 * Starts the real kube-state-metrics on the cluster of the tests, for one namespace.
 * @param program as tools/kube-state-metrics.sh prints it
 * @param annotations its `--metric-annotations-allowlist`, empty by default as its own
 */
export async function startKubeStateMetrics(
  program: string,
  namespace: string,
  annotations = "",
): Promise<KubeStateMetrics> {
  const [port, telemetryPort] = [await freePort(), await freePort()];
  const address = [
    "--host=127.0.0.1",
    `--port=${port}`,
    "--telemetry-host=127.0.0.1",
    `--telemetry-port=${telemetryPort}`,
  ];
  const resources = ["--resources=cronjobs,jobs,configmaps", `--namespaces=${namespace}`];
  const allowList = annotations === "" ? [] : [`--metric-annotations-allowlist=${annotations}`];
  const kubeconfig = `--kubeconfig=${process.env["KUBECONFIG"]}`;
  const child = execa(program, [kubeconfig, ...address, ...resources, ...allowList], { reject: false });
  const scrape = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return await response.text();
  };
  let words: string | undefined;
  const ended = child.then(({ stderr }) => {
    words = stderr;
  });
  const alive = () => {
    if (words !== undefined) throw new Error(`kube-state-metrics has ended: ${words}`);
  };
  await waitFor("kube-state-metrics", scrape, { milliseconds: 30_000, alive });
  return {
    scrape,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
