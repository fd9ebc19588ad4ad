import { stringify } from "yaml";
import type { ControlPlaneTarget } from "../settings/load.ts";
import type { TaskScope } from "../settings/task-scope.ts";

/** Paths of the files that the CLI's configuration names. */
export interface ConfigFiles {
  clientSecret: string;
  /** Environment variable with the client secret, instead of the file. */
  clientSecretVariable?: string | undefined;
  /** PEM file of all CAs to trust, the public ones included. */
  certificateAuthorities: string;
}

/**
 * Renders the flyte CLI's configuration file, by a YAML library so that all values are quoted correctly. It names the file
 * or variable of a secret, never the secret. Source of the keys: flyte/config/_internal.py of 2.12.1. The proxy is not in
 * it but in the environment: the CLI reads `httpProxyURL` but does not use it, and it may contain a password.
 */
export function flyteConfig(target: ControlPlaneTarget, scope: TaskScope, files: ConfigFiles): string {
  const { endpoint, credentials, certificateAuthorities, skipVerify } = target;
  const admin = {
    endpoint: endpoint.url.replace(/^https?:\/\//, "dns:///"),
    insecure: endpoint.insecure,
    ...(certificateAuthorities && { caCertFilePath: files.certificateAuthorities }),
    // With it the CLI ignores the CAs: it trusts the certificate that the server presents and no other.
    ...(skipVerify && !certificateAuthorities && { insecureSkipVerify: true }),
    ...(credentials.type === "clientSecret" && {
      authType: "ClientSecret",
      clientId: credentials.clientId,
      ...(files.clientSecretVariable === undefined
        ? { clientSecretLocation: files.clientSecret }
        : { clientSecretEnvVar: files.clientSecretVariable }),
      ...(credentials.scopes && { scopes: [...credentials.scopes] }),
    }),
    ...(credentials.type === "externalCommand" && { authType: "ExternalCommand", command: [...credentials.command] }),
    disableKeyring: true,
  };
  const { org, project, domain } = scope;
  return stringify({ admin, task: { ...(org !== "" && { org }), project, domain }, image: { builder: "local" } });
}
