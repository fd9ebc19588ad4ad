import { kubectl } from "./kubectl.ts";

/** Pods of namespaces with this label trust the CA in ConfigMap `ca` of their namespace. */
export const injectedCaLabels = { "registrar-test/inject-ca": "true" };

const metadata = { name: "registrar-test-inject-ca" };
const apiVersion = "admissionregistration.k8s.io/v1";
const mounted = `[Object.spec.containers.volumeMounts{name: "injected-ca", mountPath: "/etc/injected-ca", readOnly: true}]`;
const variable = `[Object.spec.containers.env{name: "NODE_EXTRA_CA_CERTS", value: "/etc/injected-ca/ca.crt"}]`;
const volume = `[Object.spec.volumes{name: "injected-ca", configMap: Object.spec.volumes.configMap{name: "ca"}}]`;
const containers = `object.spec.containers.map(each, Object.spec.containers{name: each.name, env: ${variable}, volumeMounts: ${mounted}})`;

/** What sites do that give their own CA to every pod (trust-manager with a policy of Kyverno), by a policy of the API server. */
const policies = [
  {
    apiVersion,
    kind: "MutatingAdmissionPolicy",
    metadata,
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: injectedCaLabels },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      },
      reinvocationPolicy: "Never",
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: {
            expression: `Object{spec: Object.spec{volumes: ${volume}, containers: ${containers}}}`,
          },
        },
      ],
    },
  },
  { apiVersion, kind: "MutatingAdmissionPolicyBinding", metadata, spec: { policyName: metadata.name } },
];

/** Makes the cluster inject the CA into namespaces with `injectedCaLabels`. It may be called more than once. */
export async function injectCa(): Promise<void> {
  for (const policy of policies) await kubectl(["apply", "-f", "-"], JSON.stringify(policy));
}
