import { identityText, policyText, type RegistryKind, type RegistryPlace } from "./registry-kinds.ts";

/**
 * What a push to Amazon ECR uses, and what buildkit reads meanwhile. Source: Amazon's page "IAM permissions for pushing an image";
 * Union's page about the image builder lists the pull actions alone, with which a push is denied.
 */
export const ecrPushActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
] as const;

/** Who pushes: build pods have the data plane's worker identity, or the account that they log in with. */
const pushers: Readonly<Record<RegistryKind, string>> = {
  aws: "the worker role",
  google: "the worker's Google service account",
  azure: "the worker's managed identity",
  github: "the GitHub account that builds log in with",
  harbor: "the Harbor user or robot account that builds log in with",
  other: "the account that builds log in with",
};

/** The annotation by which a Kubernetes service account has an identity of its cloud. */
const annotations: Readonly<Partial<Record<RegistryKind, string>>> = {
  aws: "eks.amazonaws.com/role-arn",
  google: "iam.gke.io/gcp-service-account",
  azure: "azure.workload.identity/client-id",
};

/** How to find the identity of builds where the refusal does not name it. */
function findPusher(registry: RegistryKind, configMap: string): string {
  const annotation = annotations[registry];
  return annotation === undefined
    ? ` Key authentication-type of ConfigMap ${configMap} says with which login builds push.`
    : ` To find that identity, an annotation of the Kubernetes service account of build pods: kubectl get serviceaccounts --all-namespaces -o yaml | grep ${annotation}`;
}

const awsRights = (resource: string) =>
  `${ecrPushActions.join(", ")} on ${resource === "" ? "the repository" : resource} (in the role's policy or that of the repository), and ecr:GetAuthorizationToken on * in the role's policy`;
/** Source: https://github.com/medic/cht-core/issues/9175 */
const fullRepository =
  " If it has them, the repository may have reached its limit of images, of which ECR says the same.";
const googleRights = (resource: string) =>
  `roles/artifactregistry.writer on ${resource === "" ? "the repository" : resource}, and, to get tokens, roles/iam.serviceAccountTokenCreator on that service account itself`;
const azureRights = "AcrPush on the registry";
const harborRights = (project: string) =>
  `the role Developer or higher in ${project === "" ? "the project" : `project ${project}`}; if it is a robot account, the permission "push repository" there`;
const githubRights = (name: string) =>
  `the role Write on ${name === "" ? "the package" : `package ${name}`} (Package settings, Manage access; for a package that does not exist yet, the right to create packages in the organization), and its token (classic) the scope write:packages`;

/** The rights of one registry, or of all of them if it is not known which one this is: `Give <who> <rights>.` */
export function grantPush({ registry, image, resource, identity, policy, configMap }: RegistryPlace): string {
  const who = pusherText({ registry, identity });
  const found = identity === "" ? findPusher(registry, configMap) : "";
  const [project = "", ...names] = pathOf(image);
  switch (registry) {
    case "aws":
      return `Give ${who} ${awsRights(resource)}.${identity === "" ? fullRepository : policyText({ policy, identity, resource })}${found}`;
    case "google":
      return `Give ${who} ${googleRights(resource)}. If the repository does not exist, create it: the registry refuses it in the same words.${found}`;
    case "azure":
      return `Give ${who} ${azureRights}. Without the label azure.workload.identity/use: "true" on build pods, they do not have that identity: check it too.${found}`;
    case "github":
      return `Give ${who} ${githubRights([project, ...names].join("/"))}.${found}`;
    case "harbor":
      return `Give ${who} ${harborRights(project)}.${found}`;
    default:
      return `Give ${who} the right to push there. In Amazon ECR, that is ${awsRights("")}, of the worker role; in Artifact Registry ${googleRights("")}, of the worker's service account; in Azure ${azureRights}, of the worker's managed identity; in Harbor ${harborRights("")}; in GitHub's registry ${githubRights("")}.`;
  }
}

/** The parts of a repository's path, without its host. */
function pathOf(image: string): string[] {
  return image
    .replace(/[:@][^/]*$/, "")
    .split("/")
    .slice(1);
}

/** Who pushes, for the subject of a sentence. */
export function pusherText({ registry, identity }: Pick<RegistryPlace, "registry" | "identity">): string {
  return identity === "" ? (pushers[registry] ?? pushers.other) : identityText(identity);
}

/** What builds log in with, by the data plane's values: the default `noop` logs in nowhere. */
export function fixLogin(registry: RegistryKind): string {
  const noop = "its default, noop, logs in nowhere";
  switch (registry) {
    case "aws":
      return `Set imageBuilder.authenticationType of the data plane to aws (${noop}), and give the build pods' service account the worker role (annotation eks.amazonaws.com/role-arn, or EKS Pod Identity) with ecr:GetAuthorizationToken on *.`;
    case "google":
      return `Set imageBuilder.authenticationType of the data plane to google (${noop}), and give the build pods' service account the worker's Google service account (annotation iam.gke.io/gcp-service-account) with roles/artifactregistry.writer.`;
    case "azure":
      return `Set imageBuilder.authenticationType of the data plane to azure (${noop}), and give build pods the worker's managed identity (annotation azure.workload.identity/client-id of their service account, label azure.workload.identity/use: "true" of the pods) with AcrPush.`;
    default:
      return `Set imageBuilder.authenticationType of the data plane to aws, google or azure if the registry is that cloud's (${noop}); for another registry set it to basic, or name a login in registry_secret of the image (flyte create secret --type image_pull).`;
  }
}
