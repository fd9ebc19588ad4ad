import { apiServerError, type Cluster, type FoundNamespace } from "../../../src/cluster/cluster.ts";

/** What a fake cluster answers; an error is thrown, and what is not given is not there. */
interface Answers {
  /** By the namespace of each PodTemplate: the service account that it names. */
  podTemplates?: Readonly<Record<string, { serviceAccount?: string } | Error>>;
  namespaces?: readonly FoundNamespace[] | Error;
  /** Of each service account; an error is thrown. */
  annotations?: Readonly<Record<string, string>> | Error;
}

/** A cluster for decisions about namespaces and service accounts, with the names of what was asked. */
export function fakeCluster(
  namespace: string,
  { podTemplates = {}, namespaces = [], annotations = {} }: Answers,
  asked: string[] = [],
) {
  const unused = () => Promise.reject(new Error("is not asked here"));
  const cluster: Cluster = {
    namespace,
    inNamespace: (other) => fakeCluster(other, { podTemplates, namespaces, annotations }, asked).cluster,
    readPodTemplate: async (name) => {
      asked.push(`${namespace}/${name}`);
      const found = podTemplates[namespace];
      if (found instanceof Error) throw found;
      if (!found) throw apiServerError(404, `podtemplates "${name}" not found`);
      return { serviceAccount: found.serviceAccount };
    },
    listNamespaces: async (selector) => {
      asked.push(selector);
      if (namespaces instanceof Error) throw namespaces;
      return [...namespaces];
    },
    readAnnotations: async (name) => {
      asked.push(`${namespace}/${name}`);
      if (annotations instanceof Error) throw annotations;
      return annotations;
    },
    version: unused,
    readDeployment: unused,
    readConfigMap: unused,
    patchConfigMap: unused,
    hasServiceAccount: unused,
    podsBehind: unused,
    createEvent: unused,
  };
  return { cluster, asked };
}
