import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { runEnclosed } from "./enclosure.ts";

const repository = join(import.meta.dirname, "../..");

/** Exit code of a tool that this machine lacks something for (sysexits' EX_UNAVAILABLE). */
export const unavailable = 69;

/** This machine, or this user, cannot run a cluster. The message says what is missing. */
export class Unavailable extends Error {}

/**
 * Runs a command that finds a cluster in KUBECONFIG, what image it has of ours in REGISTRAR_IMAGE, this machine's address
 * for its pods in REGISTRAR_TEST_ADDRESS, Helm in HELM3 and HELM4, and KUBE_STATE_METRICS: the cluster that KUBECONFIG names
 * already, else a local one that ends with the command, with CustomResourceDefinitions for it in the folder CRDS. What it is made of
 * is built first, where no earlier run has.
 * @returns the command's exit code
 * @throws Unavailable, or an Error that says which of these variables a given cluster lacks
 */
export async function runOnCluster(command: readonly [string, ...string[]]): Promise<number> {
  const given = process.env;
  if (given["KUBECONFIG"] === undefined) return await runOnLocalCluster(command);
  if (given["REGISTRAR_IMAGE"] === undefined || given["REGISTRAR_TEST_ADDRESS"] === undefined) {
    const address = "this machine's address for its pods in REGISTRAR_TEST_ADDRESS";
    throw new Error(
      `KUBECONFIG names a cluster: name an image that its nodes can pull in REGISTRAR_IMAGE, and ${address}`,
    );
  }
  const [program, ...args] = command;
  const { exitCode } = await execa(program, args, { stdio: "inherit", reject: false, env: await programs() });
  return exitCode ?? 1;
}

/** What this machine, or this user, lacks for a local cluster; nothing where it can run one. */
export async function missingForCluster(): Promise<string | undefined> {
  if (process.platform !== "linux") return "a local cluster needs Linux";
  if (process.getuid?.() !== 0) return "a local cluster needs root";
  const { failed } = await execa("unshare", ["--net", "--mount", "--pid", "--fork", "true"], { reject: false });
  return failed ? "this machine lets nobody make namespaces (unshare)" : undefined;
}

async function runOnLocalCluster(command: readonly string[]): Promise<number> {
  const missing = await missingForCluster();
  if (missing !== undefined) throw new Unavailable(missing);
  await tool("debian-packages.sh");
  const kubernetes = await tool("kubernetes.sh");
  const registry = await tool("docker-registry.sh");
  const beside = await programs();
  const image = await tool("image.sh");
  const crds = await tool("crds.sh");
  return await runEnclosed([process.execPath, join(import.meta.dirname, "inside.ts"), ...command], {
    ...process.env,
    ...beside,
    PATH: `${kubernetes}:${process.env["PATH"]}`,
    KUBECTL: join(kubernetes, "kubectl"),
    DOCKER_REGISTRY: registry,
    CRDS: crds,
    CLUSTER_IMAGES: `${join(kubernetes, "pause.tar")}:${image}`,
    REGISTRAR_IMAGE: "localhost/image-builder-registrar:test",
  });
}

/** The programs that run next to any cluster. */
async function programs(): Promise<Record<"HELM3" | "HELM4" | "KUBE_STATE_METRICS", string>> {
  return {
    HELM3: await tool("helm.sh", "3"),
    HELM4: await tool("helm.sh", "4"),
    KUBE_STATE_METRICS: await tool("kube-state-metrics.sh"),
  };
}

/** What a script of tools/ prints, which is made first where it has to be. */
async function tool(script: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execa(join(repository, "tools", script), args, { stderr: ["inherit", "pipe"] });
    return stdout;
  } catch (error) {
    if (error instanceof ExecaError && error.exitCode === unavailable) throw new Unavailable(`${error.stderr}`.trim());
    throw error;
  }
}
