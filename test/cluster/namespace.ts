import { randomBytes } from "node:crypto";
import {
  type CoreV1Event,
  KubeConfig,
  KubernetesObjectApi,
  type V1ConfigMap,
  type V1CronJob,
  type V1EndpointSlice,
  type V1Job,
  type V1Pod,
  type V1Role,
} from "@kubernetes/client-node";
import { kubectl } from "./kubectl.ts";

interface Lists {
  configmaps: V1ConfigMap;
  cronjobs: V1CronJob;
  endpointslices: V1EndpointSlice;
  events: CoreV1Event;
  jobs: V1Job;
  pods: V1Pod;
  roles: V1Role;
}

const kinds: Record<keyof Lists, readonly [apiVersion: string, kind: string]> = {
  configmaps: ["v1", "ConfigMap"],
  cronjobs: ["batch/v1", "CronJob"],
  endpointslices: ["discovery.k8s.io/v1", "EndpointSlice"],
  events: ["v1", "Event"],
  jobs: ["batch/v1", "Job"],
  pods: ["v1", "Pod"],
  roles: ["rbac.authorization.k8s.io/v1", "Role"],
};

// Tests wait for objects by listing them, five times a second: a process for each list would take all of two cores.
const config = new KubeConfig();
config.loadFromDefault();
const client = KubernetesObjectApi.makeApiClient(config);

/** A namespace of one test's own. `await using` deletes it, with all that is in it. */
export interface Namespace extends AsyncDisposable {
  readonly name: string;
  /** Runs kubectl in it. */
  kubectl(...args: string[]): Promise<string>;
  /** Makes an object in it, as kubectl does from a file. */
  create(object: object): Promise<void>;
  /** Applies manifests, as a person does who uses no Helm. @returns what kubectl says of each */
  apply(manifests: string): Promise<string>;
  /** Every object of a kind. */
  list<Kind extends keyof Lists>(kind: Kind): Promise<Lists[Kind][]>;
  /** Kind and name of every object that can be in a namespace, but for those that Kubernetes itself puts there. */
  everything(): Promise<string[]>;
}

const ofKubernetes = new Set(["configmap/kube-root-ca.crt", "serviceaccount/default"]);

/** Makes a namespace, with a random name unless told one, and labels such as those of pod security. */
export async function createNamespace(
  labels: Record<string, string> = {},
  name = `registrar-${randomBytes(4).toString("hex")}`,
): Promise<Namespace> {
  const namespaced = (...args: string[]) => kubectl(["--namespace", name, ...args]);
  await kubectl(
    ["create", "-f", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }),
  );
  return {
    name,
    kubectl: namespaced,
    async create(object) {
      await kubectl(["--namespace", name, "create", "-f", "-"], JSON.stringify(object));
    },
    apply: (manifests) => kubectl(["--namespace", name, "apply", "-f", "-"], manifests),
    async list<Kind extends keyof Lists>(kind: Kind) {
      const [apiVersion, kindName] = kinds[kind];
      return (await client.list<Lists[Kind]>(apiVersion, kindName, name)).items;
    },
    async everything() {
      const resources = await kubectl(["api-resources", "--namespaced", "--verbs=list", "--output=name"]);
      const listed = resources.split("\n").filter((kind) => !kind.startsWith("events"));
      const names = await namespaced("get", listed.join(","), "--output=name", "--ignore-not-found");
      return names.split("\n").filter((object) => object !== "" && !ofKubernetes.has(object));
    },
    async [Symbol.asyncDispose]() {
      await kubectl(["delete", "namespace", name, "--wait=false", "--ignore-not-found"]);
    },
  };
}
