import { shellQuote } from "../shell-quote.ts";
import type { Cloud } from "./cloud-fixes.ts";

/** Registries whose rights have names of their own; `other` is any registry with accounts. */
export type RegistryKind = Cloud | "github" | "harbor" | "other";

/** An image in a registry, and who was refused there. */
export interface RegistryPlace {
  /** `123456789012.dkr.ecr.us-east-1.amazonaws.com/union/smoke:smoke` */
  image: string;
  registry: RegistryKind;
  /** What the registry's rights are given on, by its own name (ARN, projects/…/repositories/…); empty if it is not known. */
  resource: string;
  /** The identity that the refusal names (ARN, account); empty if it names none. */
  identity: string;
  /** The policy that the refusal of AWS names, `VPC endpoint policy`; empty if it names none. */
  policy: string;
  /** The ConfigMap of build pods, which has the login that they use. */
  configMap: string;
}

/** What is known of an image alone. */
export type KnownImage = Pick<RegistryPlace, "image" | "registry" | "resource" | "configMap">;

/** Shows the registry login of build pods in every namespace. */
export function showLogin({ configMap }: Pick<RegistryPlace, "configMap">): string {
  return `kubectl get configmap --all-namespaces --field-selector metadata.name=${shellQuote(configMap)} -o yaml`;
}

/** Shows who may do what in the repository, as far as the cloud's own CLI can be told which one it is. */
export function showRights(place: RegistryPlace, actions: readonly string[]): string {
  const { registry, resource, identity } = place;
  const role = roleOf(identity);
  if (registry === "aws" && role && resource !== "") {
    return `aws iam simulate-principal-policy --policy-source-arn ${shellQuote(role.arn)} --action-names ${actions.join(" ")} --resource-arns ${shellQuote(resource)}`;
  }
  return showPolicy(place) ?? showLogin(place);
}

/** A repository by the parts of its cloud's own name for it. */
function partsOf({ registry, image, resource }: KnownImage) {
  const [, region, account, name] = /^arn:[\w-]+:ecr:([\w-]+):(\d+):repository\/(.+)$/.exec(resource) ?? [];
  if (registry === "aws" && region && account && name) {
    return { cloud: "aws", at: `--region ${region} --registry-id ${account}`, name: shellQuote(name) } as const;
  }
  const [, project, location, repository] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)$/.exec(resource) ?? [];
  if (registry === "google" && project && location && repository) {
    const at = `--project ${shellQuote(project)} --location ${shellQuote(location)}`;
    return { cloud: "google", at, name: shellQuote(repository) } as const;
  }
  const [, acr] = /^([a-z0-9]+)\.azurecr\./.exec(image) ?? [];
  return registry === "azure" && acr !== undefined ? ({ cloud: "azure", at: "", name: acr } as const) : undefined;
}

/** Shows the policy of the repository by the cloud's own CLI; nothing where there is none, or the repository is not known. */
export function showPolicy(place: KnownImage): string | undefined {
  const parts = partsOf(place);
  switch (parts?.cloud) {
    case "aws":
      return `aws ecr get-repository-policy ${parts.at} --repository-name ${parts.name}`;
    case "google":
      return `gcloud artifacts repositories get-iam-policy ${parts.name} ${parts.at}`;
    case "azure":
      return `az role assignment list --scope "$(az acr show --name ${parts.name} --query id --output tsv)" --include-inherited --output table`;
    default:
      return undefined;
  }
}

/** Shows which repositories there are, and how they are set up; nothing where the cloud's CLI cannot be told where to look. */
export function listRepositories(place: KnownImage): string | undefined {
  const parts = partsOf(place);
  switch (parts?.cloud) {
    case "aws":
      return `aws ecr describe-repositories ${parts.at}`;
    case "google":
      return `gcloud artifacts repositories list ${parts.at}`;
    case "azure":
      return `az acr repository list --name ${parts.name} --output table`;
    default:
      return undefined;
  }
}

/** The IAM role in the ARN of a session or a role; nothing if it is no such ARN. A session's ARN leaves out the role's path. */
export function roleOf(arn: string): { name: string; account: string; arn: string } | undefined {
  const [, partition, account = "", name = ""] =
    /^arn:([\w-]+):sts::(\d+):assumed-role\/([\w+=,.@-]+)\//.exec(arn) ?? [];
  if (partition !== undefined) return { name, account, arn: `arn:${partition}:iam::${account}:role/${name}` };
  const [, owner, role = ""] = /^arn:[\w-]+:iam::(\d+):role\/(?:[\w+=,.@/-]+\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  return owner === undefined ? undefined : { name: role, account: owner, arn };
}

/** An identity as a person looks for it: `IAM role acme-flyte-worker of account 123456789012`. */
export function identityText(identity: string): string {
  const role = roleOf(identity);
  return role ? `IAM role ${role.name} of account ${role.account}` : identity;
}

/** Where AWS looked, if the refusal names another policy than the identity's own; follows a sentence. */
export function policyText({
  policy,
  identity,
  resource,
}: Pick<RegistryPlace, "policy" | "identity" | "resource">): string {
  if (policy !== "" && policy !== "identity-based policy") return ` It is the ${policy} that refuses: allow it there.`;
  const account = roleOf(identity)?.account;
  const owner = /^arn:[\w-]+:ecr:[\w-]+:(\d+):/.exec(resource)?.[1];
  return account !== undefined && owner !== undefined && account !== owner
    ? ` The repository is of account ${owner}, so its own policy has to allow it too.`
    : "";
}
