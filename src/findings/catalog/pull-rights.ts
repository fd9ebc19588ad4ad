import { identityText, policyText, type RegistryPlace } from "./registry-kinds.ts";

/** What a pull from Amazon ECR uses. Source: Amazon's page "Amazon ECR managed policies", AmazonEC2ContainerRegistryPullOnly. */
const ecrPullActions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] as const;

/** Who pulls: nodes pull what pods run, builds pull what they build on, operator-proxy looks images up. */
export type Puller = "node" | "worker" | "operator-proxy";

/** The identities by their names in each cloud. */
const pullers: Readonly<Record<Puller, Readonly<Record<"aws" | "google" | "azure" | "other", string>>>> = {
  node: {
    aws: "the nodes' IAM role",
    google: "the nodes' Google service account",
    azure: "the kubelet's managed identity",
    other: "nodes (by imagePullSecrets of the pod)",
  },
  worker: {
    aws: "the worker role (the IAM role of the build pods' service account)",
    google: "the worker's Google service account",
    azure: "the worker's managed identity",
    other: "builds",
  },
  "operator-proxy": {
    aws: "the IAM role of operator-proxy",
    google: "the Google service account of operator-proxy",
    azure: "the managed identity of operator-proxy",
    other: "operator-proxy",
  },
};

/** The rights to read images of one registry, or of all clouds if it is not known which one this is: `Give <who> <rights>`. */
export function grantPull(
  puller: Puller,
  { registry, resource, identity, policy }: Pick<RegistryPlace, "registry" | "resource" | "identity" | "policy">,
): string {
  const names = pullers[puller];
  const who = (cloud: keyof typeof names) => (identity === "" ? names[cloud] : identityText(identity));
  const there = resource === "" ? "the repository" : resource;
  const actions = puller === "operator-proxy" ? ["ecr:DescribeImages", ...ecrPullActions] : ecrPullActions;
  const aws = `${actions.join(", ")} on ${there}, and ecr:GetAuthorizationToken on *`;
  const google = `roles/artifactregistry.reader on ${there}`;
  switch (registry) {
    case "aws":
      return `Give ${who("aws")} ${aws}.${policyText({ policy, identity, resource })}`;
    case "google":
      return `Give ${who("google")} ${google}.`;
    case "azure":
      return `Give ${who("azure")} AcrPull on the registry.`;
    default:
      return `Give ${who("other")} a login that may pull there (in Amazon ECR ${aws}, of ${names.aws}; in Artifact Registry ${google}, of ${names.google}; in Azure AcrPull, of ${names.azure}).`;
  }
}
