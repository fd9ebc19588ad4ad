import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

interface ConfigMap {
  namespace: string;
  name: string;
}

interface Key extends ConfigMap {
  key: string;
}

/** The data plane chart's value that a key comes from. */
const values: Readonly<Record<string, string>> = {
  "buildkit-uri": "imageBuilder.buildkitUri",
  "default-repository": "imageBuilder.defaultRepository",
  "authentication-type": "imageBuilder.authenticationType",
  "storage.yaml": "storage (bucket, region and credentials)",
};

function dataPlaneValueOf(key: string): string {
  return values[key] ?? `imageBuilder (${key})`;
}

const show = ({ namespace, name }: ConfigMap) => `kubectl -n ${namespace} get configmap ${name} -o yaml`;

/** What build pods find in the data plane: their ConfigMap, their service account and buildkit. */
export const dataPlaneCodes = {
  "cluster-unreachable": entry<object>({
    exit,
    what: () => "the Kubernetes API server is unreachable, so the data plane was not checked",
    fix: (_args, { chart }) =>
      chart
        ? "Allow egress from this pod to the API server (NetworkPolicy: networkPolicy.extraEgress in the chart)."
        : "Make kubectl work from here (KUBECONFIG, its context and credentials), or run registrar check in the data plane's cluster.",
    next: () => "kubectl version",
  }),
  "cluster-unreadable": entry<{ subject: string }>({
    exit,
    what: ({ subject }) => `${subject} cannot be read, so it was not checked`,
    fix: ({ subject }) =>
      `Allow this identity to get ${subject} (rbac.create: true in the chart creates the Role), or run the check with a kubeconfig that may.`,
    next: (_args, { kubectl }) => kubectl("auth can-i --list"),
  }),
  "build-config-missing": entry<ConfigMap>({
    exit,
    what: ({ namespace, name }) =>
      `ConfigMap ${namespace}/${name} does not exist; build pods wait for it and never start`,
    fix: (_args, { setting }) =>
      `Set imageBuilder.enabled of the data plane chart to true and upgrade; if builds run in other namespaces, list those in ${setting("cluster.buildNamespaces")}.`,
    next: ({ name }) => `kubectl get configmap --all-namespaces --field-selector metadata.name=${name}`,
  }),
  "build-config-not-copied": entry<ConfigMap>({
    exit,
    what: ({ namespace, name }) =>
      `ConfigMap ${namespace}/${name} does not exist: the operator has not copied it, and build pods there never start`,
    fix: ({ namespace }, { setting }) =>
      `Start union-operator, which copies it into ${namespace}; if no builds run there, remove ${namespace} from ${setting("cluster.buildNamespaces")}.`,
    next: ({ name }) => `kubectl get configmap --all-namespaces --field-selector metadata.name=${name}`,
  }),
  "build-config-key-missing": entry<Key>({
    exit,
    what: ({ namespace, name, key }) => `ConfigMap ${namespace}/${name} has no key ${key}, which build pods require`,
    fix: ({ key }) => `Set ${dataPlaneValueOf(key)} in the data plane's values and upgrade it.`,
    next: show,
  }),
  "build-config-quoted": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `the value of key ${key} in ConfigMap ${namespace}/${name} is in quotation marks`,
    fix: ({ key }) =>
      key === "buildkit-uri"
        ? "Leave imageBuilder.buildkitUri empty, so that the data plane chart fills it in: some versions quote a given one twice."
        : `Set ${dataPlaneValueOf(key)} in the data plane's values without the inner quotation marks, and upgrade it.`,
    next: show,
  }),
  "build-config-unformatted": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `the value of key ${key} in ConfigMap ${namespace}/${name} has a number that the data plane chart could not format`,
    fix: ({ key }) =>
      `Set the number in ${dataPlaneValueOf(key)} as a quoted string; an AWS account is global.AWS_ACCOUNT_ID: "123456789012".`,
    next: show,
  }),
  "repository-empty": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `key ${key} of ConfigMap ${namespace}/${name} is empty, so built images cannot be pushed`,
    fix: () => "Set imageBuilder.defaultRepository of the data plane to the repository for built images.",
    next: show,
  }),
  "authentication-type-unknown": entry<Key & { value: string }>({
    exit,
    what: ({ namespace, name, value }) =>
      `ConfigMap ${namespace}/${name} sets the registry login "${value}", which does not exist`,
    fix: () => "Set imageBuilder.authenticationType to noop, aws, google or azure.",
    next: show,
  }),
  "authentication-type-contradicts": entry<Key & { value: string; repository: string }>({
    exit,
    what: ({ value, repository }) =>
      `the registry login is "${value}", but the repository ${repository} belongs to another cloud`,
    fix: () =>
      "Set imageBuilder.authenticationType to that of the registry's cloud, or correct imageBuilder.defaultRepository.",
    next: show,
  }),
  "service-account-missing": entry<{ account: string; namespace: string }>({
    exit,
    what: ({ account, namespace }) =>
      `service account ${namespace}/${account} does not exist, so build pods cannot be created`,
    fix: ({ account, namespace }, { setting }) =>
      `Create it (kubectl -n ${namespace} create serviceaccount ${account}), or set ${setting("task.podTemplate.serviceAccountName")} to an existing one.`,
    next: ({ namespace }) => `kubectl -n ${namespace} get serviceaccounts`,
  }),
  "buildkit-address-malformed": entry<{ address: string }>({
    exit,
    what: ({ address }) => `the address of buildkit, "${address}", is not tcp://host:port`,
    fix: () => "Set imageBuilder.buildkitUri of the data plane to tcp://<host>:<port>, or leave it empty.",
    next: () => "kubectl get services --all-namespaces | grep buildkit",
  }),
  "buildkit-name-unknown": entry<{ host: string }>({
    exit,
    what: ({ host }) => `the host name of buildkit, ${host}, does not resolve here`,
    fix: () => "Set imageBuilder.buildkit.enabled of the data plane to true, or correct imageBuilder.buildkitUri.",
    next: ({ host }, { probe }) => probe("getent", `hosts ${host}`),
  }),
  "buildkit-refused": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} refuses connections: none of its pods is ready`,
    fix: () => "Start buildkit (kubectl describe its pods), or correct the port in imageBuilder.buildkitUri.",
    next: () => "kubectl get pods --all-namespaces | grep buildkit",
  }),
  "buildkit-scaled-to-zero": entry<{ address: string; service: string; namespace: string }>({
    exit,
    what: ({ address, service }) => `buildkit at ${address} refuses connections: Service ${service} has no pods`,
    fix: ({ service, namespace }) =>
      `Scale it up: kubectl -n ${namespace} scale deployment ${service} --replicas=1 (the Deployment usually has the Service's name); if an autoscaler scaled it to zero, raise its minimum to 1.`,
    next: () => "kubectl get deployments,hpa --all-namespaces | grep buildkit",
  }),
  "buildkit-timeout": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} does not answer`,
    fix: ({ address }) => `Allow TCP from the build namespaces to ${address} (NetworkPolicy, security group).`,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
} as const;
