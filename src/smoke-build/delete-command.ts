import { shellQuote } from "../findings/shell-quote.ts";
import { cloudOfHost } from "../registry/cloud-hosts.ts";
import { parseEcrHost } from "../registry/ecr-host.ts";
import { formatImageReference, readImageReference } from "../registry/image-reference.ts";

/**
 * The command that deletes an image, by whoever may: this program has no rights in the registry. Each registry has its own,
 * since few of them delete by the protocol of registries.
 * @param image as the task reports it
 * @returns nothing if that is no reference to an image
 */
export function deleteCommand(image: string): string | undefined {
  const reference = readImageReference(image);
  if (typeof reference === "string") return undefined;
  const { host, repository, tag = "latest" } = reference;
  const name = shellQuote(formatImageReference(reference));
  const ecr = parseEcrHost(host);
  if (ecr) {
    return `aws ecr batch-delete-image --registry-id ${ecr.account} --region ${ecr.region} --repository-name ${shellQuote(repository)} --image-ids ${shellQuote(`imageTag=${tag}`)}`;
  }
  switch (cloudOfHost(host)) {
    case "google":
      return `gcloud artifacts docker images delete ${name} --delete-tags --quiet`;
    case "azure":
      return `az acr repository delete --name ${host.split(".")[0]} --image ${shellQuote(`${repository}:${tag}`)} --yes`;
    default:
      return host === "ghcr.io" ? deleteFromGithub(repository, tag) : `regctl tag delete ${name}`;
  }
}

/** GitHub deletes versions of packages by their numbers. */
function deleteFromGithub(repository: string, tag: string): string {
  const [owner = "", ...names] = repository.split("/");
  const versions = shellQuote(`/orgs/${owner}/packages/container/${encodeURIComponent(names.join("/"))}/versions`);
  const query = shellQuote(`.[] | select(.metadata.container.tags | index("${tag}")) | .id`);
  return `gh api ${versions} --jq ${query} | xargs -I{} gh api --method DELETE ${versions}/{}`;
}
