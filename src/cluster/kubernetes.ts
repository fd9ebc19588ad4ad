import {
  AppsV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
} from "@kubernetes/client-node";
import { callApiServer, requestOptions } from "./api-requests.ts";
import { type Cluster, type FoundNamespace, isNotFound } from "./cluster.ts";
import type { ClusterAccess } from "./cluster-access.ts";

// A separate bundle (tools/bundle.ts), loaded only by runs that use a cluster: the library is larger than the rest of the
// program, and loading it takes half as long as the start of the program.

/** Namespaces in one answer, as kubectl asks for them. */
const pageSize = 500;

/**
 * Connects to an API server with `@kubernetes/client-node`; nothing is sent yet.
 * @param namespace where to look; empty: the pod's, or that of the kubeconfig's context
 * @param signal ends every request
 */
export function connectCluster(access: ClusterAccess, namespace: string, signal: AbortSignal): Cluster {
  const config = new KubeConfig();
  if (access.kind === "pod") config.loadFromCluster();
  else config.loadFromOptions(optionsOf(access));
  trustIntermediates(config);
  const { server = "" } = config.getCurrentCluster() ?? {};
  const core = config.makeApiClient(CoreV1Api);
  const home = namespace || (config.getContextObject(config.getCurrentContext())?.namespace ?? "default");
  const headers = access.kind === "kubeconfig" ? access.headers : {};
  const options = requestOptions(headers, signal);
  const call = <T>(request: () => Promise<T>) => callApiServer(server, signal, request);
  const clusterAt = (where: string): Cluster => ({
    namespace: where,
    inNamespace: clusterAt,
    version: () => call(async () => (await config.makeApiClient(VersionApi).getCode({}, options)).gitVersion),
    readDeployment: (name) =>
      call(async () => {
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
      call(async () => (await core.readNamespacedConfigMap({ name, namespace: where }, options)).data ?? {}),
    patchConfigMap: (name, data, annotations = {}) =>
      call(async () => {
        const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch, options);
        await core.patchNamespacedConfigMap(
          { name, namespace: where, body: { metadata: { annotations }, data } },
          merge,
        );
      }),
    hasServiceAccount: async (name) => {
      try {
        await call(() => core.readNamespacedServiceAccount({ name, namespace: where }, options));
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
    readAnnotations: (name) =>
      call(async () => {
        const { metadata } = await core.readNamespacedServiceAccount({ name, namespace: where }, options);
        return metadata?.annotations ?? {};
      }),
    readPodTemplate: (name) =>
      call(async () => {
        const { template } = await core.readNamespacedPodTemplate({ name, namespace: where }, options);
        return { serviceAccount: template?.spec?.serviceAccountName || undefined };
      }),
    listNamespaces: (labelSelector) =>
      call(async () => {
        const found: FoundNamespace[] = [];
        let _continue: string | undefined;
        do {
          const page = await core.listNamespace(
            { labelSelector, limit: pageSize, ...(_continue && { _continue }) },
            options,
          );
          for (const { metadata } of page.items) {
            const { name = "", deletionTimestamp } = metadata ?? {};
            found.push({ name, isTerminating: deletionTimestamp !== undefined });
          }
          _continue = page.metadata?._continue;
        } while (_continue);
        return found;
      }),
    podsBehind: (service) =>
      call(async () => {
        const labelSelector = `kubernetes.io/service-name=${service}`;
        const discovery = config.makeApiClient(DiscoveryV1Api);
        const { items } = await discovery.listNamespacedEndpointSlice({ namespace: where, labelSelector }, options);
        if (items.length === 0) return undefined;
        // The list of a slice without endpoints is null.
        const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
        const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
        return { ready, notReady: endpoints.length - ready };
      }),
    createEvent: (job, { type, reason, message }, time) =>
      call(async () => {
        const body = {
          metadata: { generateName: `${job.name}.`, namespace: where },
          involvedObject: { apiVersion: "batch/v1", kind: "Job", namespace: where, ...job },
          source: { component: "image-builder-registrar" },
          type,
          reason,
          message,
          count: 1,
          firstTimestamp: time,
          lastTimestamp: time,
        };
        await core.createNamespacedEvent({ namespace: where, body }, options);
      }),
  });
  return clusterAt(home);
}

/** Accepts an intermediate CA as the only one that a kubeconfig trusts, as kubectl does. */
function trustIntermediates(config: KubeConfig): void {
  const createOptions = config.createDispatcherOptions.bind(config);
  const allowPartialTrustChain = true;
  config.createDispatcherOptions = (...given) => {
    const options = createOptions(...given);
    if (options.type === "agent") return { ...options, connect: { ...options.connect, allowPartialTrustChain } };
    if (options.type === "none") return options;
    return { ...options, requestTls: { ...options.requestTls, allowPartialTrustChain } };
  };
}

/** The current context alone, as the library names its parts. */
function optionsOf({ cluster, user, namespace }: Extract<ClusterAccess, { kind: "kubeconfig" }>) {
  const context = { name: "current", cluster: cluster.name, user: user.name, namespace };
  return { clusters: [cluster], users: [user], contexts: [context], currentContext: context.name };
}
