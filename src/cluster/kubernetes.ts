import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";

// A bundle of its own (tools/bundle.ts), loaded only by runs that ask the cluster something: the library is larger than
// the rest of the program and would double the start of every run.

/** A container's name and the environment variables that it is given as plain values. */
export interface ContainerEnvironment {
  name: string;
  environment: Readonly<Record<string, string>>;
}

/** What the library falls back to where it finds nothing. */
const noCluster = "http://localhost:8080";

/**
 * The environment of a Deployment's containers, in the namespace of the pod or of the kubeconfig's context.
 * @throws the library's error where there is no cluster, no such Deployment or no permission
 */
export async function readDeployment(name: string): Promise<{ namespace: string; containers: ContainerEnvironment[] }> {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getCurrentCluster()?.server === noCluster)
    throw new Error("there is no kubeconfig here, and this is no pod");
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
  const deployment = await config.makeApiClient(AppsV1Api).readNamespacedDeployment({ name, namespace });
  const containers = (deployment.spec?.template.spec?.containers ?? []).map((container) => ({
    name: container.name,
    environment: Object.fromEntries((container.env ?? []).map(({ name: variable, value }) => [variable, value ?? ""])),
  }));
  return { namespace, containers };
}
