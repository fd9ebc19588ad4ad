import { stringify } from "yaml";
import type { TaskScope } from "../definition/task-scope.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";

/** Where the files lie that the CLI's configuration names. */
export interface ConfigFiles {
  clientSecret: string;
  /** Environment variable that holds the client secret, in place of the file. */
  clientSecretVariable?: string | undefined;
  /** PEM file with all authorities to trust. */
  certificateAuthorities: string;
}

/**
 * The flyte CLI's configuration file. It never holds a secret, only where one lies. Written by a YAML library and not
 * from a template, so that quoting is right by construction. Source of the keys: flyte/config/_internal.py of 2.12.1.
 * The proxy is left to the environment: `httpProxyURL` is read and then used for nothing, and may hold a password.
 */
export function flyteConfig(target: ControlPlaneTarget, scope: TaskScope, files: ConfigFiles): string {
  const { endpoint, credentials, certificateAuthorities, skipVerify } = target;
  const admin = {
    endpoint: endpoint.url.replace(/^https?:\/\//, "dns:///"),
    insecure: endpoint.insecure,
    ...(certificateAuthorities && { caCertFilePath: files.certificateAuthorities }),
    // It would make the CLI ignore the authorities: it pins what the server shows and trusts nothing else.
    ...(skipVerify && !certificateAuthorities && { insecureSkipVerify: true }),
    ...(credentials.type === "clientSecret" && {
      authType: "ClientSecret",
      clientId: credentials.clientId,
      ...(files.clientSecretVariable === undefined
        ? { clientSecretLocation: files.clientSecret }
        : { clientSecretEnvVar: files.clientSecretVariable }),
    }),
    ...(credentials.type === "externalCommand" && { authType: "ExternalCommand", command: [...credentials.command] }),
    disableKeyring: true,
  };
  const { org, project, domain } = scope;
  return stringify({ admin, task: { ...(org !== "" && { org }), project, domain }, image: { builder: "local" } });
}
