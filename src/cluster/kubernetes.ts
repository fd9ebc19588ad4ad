import {
  ApiException,
  AppsV1Api,
  type ConfigurationOptions,
  CoreV1Api,
  KubeConfig,
  Observable,
  type ObservableMiddleware,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import type { OpenCluster } from "./cluster.ts";

// A bundle of its own (tools/bundle.ts), loaded only by runs that have to do with a cluster: the library is larger than
// the rest of the program and would add half as much again to the start of every run.

/** What the library falls back to where it finds nothing. */
const noCluster = "http://localhost:8080";

/** Opens the cluster with `@kubernetes/client-node`. */
export const openCluster: OpenCluster = async (namespace, signal) => {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getCurrentCluster()?.server === noCluster) {
    throw new Error("there is no kubeconfig here, and this is no pod");
  }
  const core = config.makeApiClient(CoreV1Api);
  const where = namespace || (config.getContextObject(config.getCurrentContext())?.namespace ?? "default");
  const options = endingWith(signal);
  return {
    namespace: where,
    readDeployment: (name) =>
      plainly(async () => {
        const apps = config.makeApiClient(AppsV1Api);
        const deployment = await apps.readNamespacedDeployment({ name, namespace: where }, options);
        return (deployment.spec?.template.spec?.containers ?? []).map((container) => ({
          name: container.name,
          environment: Object.fromEntries(
            (container.env ?? []).map((variable) => [variable.name, variable.value ?? ""]),
          ),
        }));
      }),
    readConfigMap: (name) =>
      plainly(async () => (await core.readNamespacedConfigMap({ name, namespace: where }, options)).data ?? {}),
    patchConfigMap: (name, data) =>
      plainly(async () => {
        const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch, options);
        await core.patchNamespacedConfigMap({ name, namespace: where, body: { data } }, merge);
      }),
    createEvent: (job, { type, reason, message }) =>
      plainly(async () => {
        const now = new Date();
        const body = {
          metadata: { generateName: `${job.name}.`, namespace: where },
          involvedObject: { apiVersion: "batch/v1", kind: "Job", namespace: where, ...job },
          source: { component: "image-builder-registrar" },
          ...{ type, reason, message, count: 1, firstTimestamp: now, lastTimestamp: now },
        };
        await core.createNamespacedEvent({ namespace: where, body }, options);
      }),
  };
};

function endingWith(signal: AbortSignal): ConfigurationOptions<ObservableMiddleware> {
  const middleware: ObservableMiddleware = {
    pre: (request) => {
      request.setSignal(signal);
      return new Observable(Promise.resolve(request));
    },
    post: (response) => new Observable(Promise.resolve(response)),
  };
  return { middleware: [middleware], middlewareMergeStrategy: "append" };
}

/** The API server's own sentence, where the library's error is a page with headers and body. */
async function plainly<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    throw new Error(messageOf(error.body) ?? `the API server answered ${error.code}`);
  }
}

function messageOf(body: unknown): string | undefined {
  const status: unknown = typeof body === "string" ? parsed(body) : body;
  const message = typeof status === "object" && status !== null && "message" in status ? status.message : undefined;
  return typeof message === "string" ? message : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
