import { namespacesText, objectText } from "../namespaces-text.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** A ConfigMap of one name in each namespace that has the fault; in none, if only Kubernetes knows which one it is. */
interface ConfigMap {
  namespaces: readonly string[];
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

const configMapText = ({ namespaces, name }: ConfigMap) => objectText("ConfigMap", namespaces, name);
const show = ({ namespaces: [namespace], name }: ConfigMap) =>
  namespace === undefined
    ? find({ name })
    : `kubectl -n ${shellQuote(namespace)} get configmap ${shellQuote(name)} -o yaml`;
const find = ({ name }: Pick<ConfigMap, "name">) =>
  `kubectl get configmap --all-namespaces --field-selector metadata.name=${shellQuote(name)}`;

/** The ConfigMap of build pods, and its values. */
export const buildConfigCodes = {
  "build-config-missing": entry<ConfigMap>({
    exit,
    what: (args) => `${configMapText(args)} does not exist; build pods wait for it and never start`,
    fix: (_args, { setting }) =>
      `Set imageBuilder.enabled of the data plane chart to true and upgrade; if builds run in other namespaces, set ${setting("cluster.buildNamespaceSelector")} to their label (union.ai/namespace-type=flyte), or list them in ${setting("cluster.buildNamespaces")}.`,
    next: find,
  }),
  "build-config-not-copied": entry<ConfigMap>({
    exit,
    what: (args) =>
      `${configMapText(args)} does not exist: the operator has not copied it, and build pods there never start`,
    fix: ({ namespaces }, { setting }) =>
      `Start union-operator, which copies it into each namespace with the label union.ai/namespace-type=flyte; if no builds run in ${namespacesText(namespaces)}, correct ${setting("cluster.buildNamespaceSelector")} or ${setting("cluster.buildNamespaces")}.`,
    next: find,
  }),
  "build-namespace-unprovisioned": entry<ConfigMap & { account: string }>({
    exit,
    what: ({ namespaces, name, account }) =>
      `${namespacesText(namespaces)} ${namespaces.length === 1 ? "has" : "have"} neither ConfigMap ${name} nor service account ${account}: nothing has provisioned it, or it does not exist, so builds there cannot start`,
    fix: ({ namespaces }, { setting }) =>
      `Start union-operator and clusterresourcesync of the data plane, which provision each namespace; if no builds run in ${namespacesText(namespaces)}, correct ${setting("cluster.buildNamespaceSelector")} or ${setting("cluster.buildNamespaces")}.`,
    next: ({ namespaces }) => `kubectl get namespace ${shellQuote(namespaces[0] ?? "")} --show-labels`,
  }),
  "build-config-key-missing": entry<Key>({
    exit,
    what: (args) => `${configMapText(args)} has no key ${args.key}, which build pods require`,
    fix: ({ key }) => `Set ${dataPlaneValueOf(key)} in the data plane's values and upgrade it.`,
    next: show,
  }),
  "build-config-quoted": entry<Key>({
    exit,
    what: (args) => `the value of key ${args.key} in ${configMapText(args)} is in quotation marks`,
    fix: ({ key }) =>
      key === "buildkit-uri"
        ? "Leave imageBuilder.buildkitUri empty, so that the data plane chart fills it in: some versions quote a given one twice."
        : `Set ${dataPlaneValueOf(key)} in the data plane's values without the inner quotation marks, and upgrade it.`,
    next: show,
  }),
  "build-config-unformatted": entry<Key>({
    exit,
    what: (args) =>
      `the value of key ${args.key} in ${configMapText(args)} has a number that the data plane chart could not format`,
    fix: ({ key }) =>
      `Set the number in ${dataPlaneValueOf(key)} as a quoted string; an AWS account is global.AWS_ACCOUNT_ID: "123456789012".`,
    next: show,
  }),
  "build-config-whitespace": entry<Key>({
    exit,
    what: (args) =>
      `the value of key ${args.key} in ${configMapText(args)} begins or ends with whitespace, which Kubernetes passes on to build pods`,
    fix: ({ key }) =>
      `Set ${dataPlaneValueOf(key)} in the data plane's values without it (a YAML block scalar, |, ends with a newline; |- does not), and upgrade it.`,
    next: show,
  }),
  "build-config-differs": entry<ConfigMap & { keys: readonly string[] }>({
    exit,
    what: ({ namespaces, name, keys }) =>
      `ConfigMap ${name} has other values of ${keys.join(", ")} in ${namespacesText(namespaces)} than elsewhere, so builds there use another repository, login or buildkit`,
    fix: (args) =>
      `Start union-operator, which copies one ConfigMap into all namespaces, and delete an outdated copy (kubectl -n ${shellQuote(args.namespaces[0] ?? "")} delete configmap ${shellQuote(args.name)}); ignore this with --skip build-config-differs if the difference is intended.`,
    next: show,
  }),
  "repository-empty": entry<Key>({
    exit,
    what: (args) => `key ${args.key} of ${configMapText(args)} is empty, so built images cannot be pushed`,
    fix: () => "Set imageBuilder.defaultRepository of the data plane to the repository for built images.",
    next: show,
  }),
  "repository-malformed": entry<Key & { value: string; reason: string }>({
    exit,
    what: (args) =>
      `the repository "${args.value}" in ${configMapText(args)} is not the name of a repository: ${args.reason}`,
    fix: () =>
      "Set imageBuilder.defaultRepository of the data plane (and imageBuilder.registryName, if it is a part of it) to <host>[:<port>]/<path>, in lower case, without scheme, tag or digest.",
    next: show,
  }),
  "authentication-type-unknown": entry<Key & { value: string }>({
    exit,
    what: (args) => `${configMapText(args)} sets the registry login "${args.value}", which is not a known one`,
    fix: () => "Set imageBuilder.authenticationType to noop, basic, aws, google or azure.",
    next: show,
  }),
  "authentication-type-contradicts": entry<Key & { value: string; repository: string }>({
    exit,
    what: (args) =>
      `the registry login in ${configMapText(args)} is "${args.value}", but the repository ${args.repository} belongs to another cloud`,
    fix: () =>
      "Set imageBuilder.authenticationType to that of the registry's cloud, or correct imageBuilder.defaultRepository.",
    next: show,
  }),
  "image-optimization-malformed": entry<Key & { value: string }>({
    exit,
    what: (args) => `key ${args.key} of ${configMapText(args)} is "${args.value}", which is neither true nor false`,
    fix: ({ namespaces, name, key }) =>
      `Set it to "true" or "false", or remove it: kubectl -n ${shellQuote(namespaces[0] ?? "")} patch configmap ${shellQuote(name)} --type json -p '[{"op":"remove","path":"/data/${key}"}]'.`,
    next: show,
  }),
} as const;
