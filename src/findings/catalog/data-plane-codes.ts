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

function chartValueOf(key: string): string {
  return values[key] ?? `imageBuilder (${key})`;
}

const show = ({ namespace, name }: ConfigMap) => `kubectl get configmap ${name} --namespace ${namespace} --output yaml`;

/** What build pods find in the data plane: their ConfigMap, their service account and buildkit. */
export const dataPlaneErrors = {
  "cluster-unreachable": entry<object>({
    exit,
    what: () => "the Kubernetes API server cannot be asked, so what builds find in the data plane is not known",
    fix: () =>
      "Make kubectl work from here (KUBECONFIG, its context and credentials), or run the check in the data plane's cluster.",
    next: () => "kubectl version",
  }),
  "cluster-unreadable": entry<{ subject: string }>({
    exit,
    what: ({ subject }) => `${subject} cannot be read, so what builds find in the data plane is not known`,
    fix: ({ subject }) =>
      `Allow this identity to get ${subject} (rbac.create in the chart), or run the check with a kubeconfig that may.`,
    next: () => "kubectl auth can-i --list",
  }),
  "build-config-missing": entry<ConfigMap>({
    exit,
    what: ({ namespace, name }) =>
      `ConfigMap ${namespace}/${name} is not there; build pods wait for it and never start`,
    fix: () =>
      "Set imageBuilder.enabled of the data plane chart to true and upgrade; where builds run in other namespaces, name those in cluster.buildNamespaces (check.buildNamespaces in the chart).",
    next: show,
  }),
  "build-config-not-copied": entry<ConfigMap>({
    exit,
    what: ({ namespace, name }) =>
      `ConfigMap ${namespace}/${name} is not there: the operator has not copied it, and build pods in it never start`,
    fix: ({ namespace }) =>
      `Start union-operator, which copies it into ${namespace}; where builds do not run there, take it out of cluster.buildNamespaces (check.buildNamespaces in the chart).`,
    next: ({ name }) => `kubectl get configmap --all-namespaces --field-selector metadata.name=${name}`,
  }),
  "build-config-key-missing": entry<Key>({
    exit,
    what: ({ namespace, name, key }) => `ConfigMap ${namespace}/${name} has no key ${key}, which build pods read`,
    fix: ({ key }) => `Set ${chartValueOf(key)} in the data plane's values and upgrade it.`,
    next: show,
  }),
  "build-config-quoted": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `key ${key} of ConfigMap ${namespace}/${name} holds quotation marks around its value`,
    fix: ({ key }) =>
      key === "buildkit-uri"
        ? "Leave imageBuilder.buildkitUri empty, so that the data plane chart fills it in: some versions of it quote a given one twice."
        : `Set ${chartValueOf(key)} in the data plane's values without the inner quotation marks, and upgrade it.`,
    next: show,
  }),
  "build-config-unformatted": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `key ${key} of ConfigMap ${namespace}/${name} holds what a template could not format`,
    fix: ({ key }) =>
      `Set the number in ${chartValueOf(key)} as text, in quotation marks; an AWS account is global.AWS_ACCOUNT_ID: "123456789012".`,
    next: show,
  }),
  "repository-empty": entry<Key>({
    exit,
    what: ({ namespace, name, key }) =>
      `key ${key} of ConfigMap ${namespace}/${name} is empty, so built images have nowhere to go`,
    fix: () => "Set imageBuilder.defaultRepository of the data plane to the repository that built images go to.",
    next: show,
  }),
  "authentication-type-unknown": entry<Key & { value: string }>({
    exit,
    what: ({ namespace, name, value }) =>
      `ConfigMap ${namespace}/${name} asks for the registry log-in "${value}", which is not known`,
    fix: () => "Set imageBuilder.authenticationType to noop, aws, google or azure.",
    next: show,
  }),
  "authentication-type-contradicts": entry<Key & { value: string; repository: string }>({
    exit,
    what: ({ value, repository }) =>
      `the registry log-in is "${value}", and the repository ${repository} is of another cloud`,
    fix: () =>
      "Set imageBuilder.authenticationType to that of the registry's cloud, or correct imageBuilder.defaultRepository.",
    next: show,
  }),
  "service-account-missing": entry<{ account: string; namespace: string }>({
    exit,
    what: ({ account, namespace }) =>
      `service account ${account} is not in namespace ${namespace}, so build pods cannot be made`,
    fix: ({ account, namespace }) =>
      `Create it by kubectl create serviceaccount ${account} --namespace ${namespace}, or set task.podTemplate.serviceAccountName to one that is there.`,
    next: ({ namespace }) => `kubectl get serviceaccounts --namespace ${namespace}`,
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
    next: ({ host }) => `getent hosts ${host}`,
  }),
  "buildkit-refused": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} refuses connections: no pod of it is ready`,
    fix: () =>
      "Start buildkit: kubectl describe its pods tells why they are not ready; its port is that of imageBuilder.buildkitUri.",
    next: () => "kubectl get pods --all-namespaces | grep buildkit",
  }),
  "buildkit-scaled-to-zero": entry<{ address: string; service: string; namespace: string }>({
    exit,
    what: ({ address, service }) => `buildkit at ${address} refuses connections: Service ${service} has no pod at all`,
    fix: ({ service, namespace }) =>
      `Scale it up: kubectl scale deployment ${service} --namespace ${namespace} --replicas=1 (a Deployment mostly has its Service's name); where an autoscaler took it to zero, raise its minimum to 1.`,
    next: () => "kubectl get deployments,hpa --all-namespaces | grep buildkit",
  }),
  "buildkit-timeout": entry<{ address: string }>({
    exit,
    what: ({ address }) => `buildkit at ${address} does not answer`,
    fix: ({ address }) => `Allow TCP from the namespaces of builds to ${address}: NetworkPolicy, security group.`,
    next: () => "kubectl get networkpolicies --all-namespaces",
  }),
} as const;
