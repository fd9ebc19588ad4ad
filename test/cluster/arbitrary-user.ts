import { kubectl } from "./kubectl.ts";

/** The user that OpenShift assigns to the pods of a namespace, from the namespace's range. */
export const assignedUser = 1_000_680_000;

/** Namespaces with this label are those of OpenShift. */
export const openShiftLabels = {
  "registrar-test/scc": "restricted-v2",
  "pod-security.kubernetes.io/enforce": "restricted",
};

const matchConstraints = {
  namespaceSelector: { matchLabels: { "registrar-test/scc": "restricted-v2" } },
  resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
};
const apiVersion = "admissionregistration.k8s.io/v1";
const metadata = { name: "registrar-test-restricted-v2" };
const spec = { policyName: metadata.name };
const given = "has(object.spec.securityContext) && has(object.spec.securityContext.runAsUser)";

/**
 * What OpenShift's SCC restricted-v2 does about users, by admission policies of the API server: pods that name no user get
 * the namespace's, and pods with another one are refused.
 */
const policies = [
  {
    apiVersion,
    kind: "MutatingAdmissionPolicy",
    metadata,
    spec: {
      matchConstraints,
      matchConditions: [{ name: "no-user", expression: `!(${given})` }],
      reinvocationPolicy: "Never",
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: {
            expression: `Object{spec: Object.spec{securityContext: Object.spec.securityContext{runAsUser: ${assignedUser}, fsGroup: ${assignedUser}}}}`,
          },
        },
      ],
    },
  },
  {
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: {
      matchConstraints,
      validations: [
        {
          expression: `object.spec.securityContext.runAsUser == ${assignedUser} && object.spec.containers.all(each, !has(each.securityContext.runAsUser))`,
          message: `.spec.securityContext.runAsUser: Invalid value: must be in the ranges: [${assignedUser}, ${assignedUser + 9_999}]`,
        },
      ],
    },
  },
  { apiVersion, kind: "MutatingAdmissionPolicyBinding", metadata, spec },
  { apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata, spec: { ...spec, validationActions: ["Deny"] } },
];

/** Makes the namespaces with `openShiftLabels` those of OpenShift. It may be called more than once. */
export async function assignUsers(): Promise<void> {
  for (const policy of policies) await kubectl(["apply", "-f", "-"], JSON.stringify(policy));
}
