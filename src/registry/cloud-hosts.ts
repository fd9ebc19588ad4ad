import type { Cloud } from "../findings/catalog/cloud-fixes.ts";
import { parseEcrHost } from "./ecr-host.ts";

/** Artifact Registry, and Container Registry with its regions. */
export const googlePattern = /^[a-z0-9-]+-docker\.pkg\.dev$|^(?:[a-z]+\.)?gcr\.io$/;
/** Azure Container Registry, in China and for the US government too. */
export const azurePattern = /^([a-z0-9-]+)\.(azurecr\.(?:io|cn|us))$/;

/** The cloud of a private registry, by its host without a port, in lower case. */
export function cloudOfHost(host: string): Cloud | undefined {
  if (parseEcrHost(host)) return "aws";
  if (googlePattern.test(host)) return "google";
  return azurePattern.test(host) ? "azure" : undefined;
}
