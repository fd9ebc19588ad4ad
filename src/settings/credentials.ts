import { problem } from "../findings/registrar-error.ts";
import type { Environment, ReadFile } from "../system/surroundings.ts";
import { type ApiKey, parseApiKey } from "./api-key.ts";
import type { Auth } from "./control-plane-schema.ts";
import { readSecret } from "./named-files.ts";

/** How to log in, with the secret read. */
export type Credentials =
  /** `why`: a flyte configuration has a login that works only interactively. */
  | { type: "none"; why?: string | undefined }
  | {
      type: "clientSecret";
      clientId: string;
      clientSecret: string;
      /** To request in place of those that the control plane publishes. */
      scopes?: readonly string[];
    }
  | { type: "externalCommand"; command: readonly [string, ...string[]] };

/**
 * Reads the secret that `auth` names. Surrounding whitespace is removed: a Secret made from a file often ends in a newline.
 * @throws {RegistrarError} file-unreadable, file-malformed, variable-missing, api-key-missing, api-key-malformed
 */
export function readCredentials(
  auth: Auth,
  environment: Environment,
  readFile: ReadFile,
): { credentials: Credentials; apiKey?: ApiKey } {
  switch (auth.type) {
    case "none":
      return { credentials: auth };
    case "clientSecret": {
      const { clientId, clientSecretFile: file, clientSecretVariable: variable = "" } = auth;
      const clientSecret =
        file === undefined
          ? readVariable(variable, "controlPlane.auth.clientSecretVariable", environment)
          : readSecret(file, "controlPlane.auth.clientSecretFile", readFile);
      return { credentials: { type: "clientSecret", clientId, clientSecret, ...scopesOf(auth) } };
    }
    case "apiKey": {
      const file = auth.apiKeyFile;
      const key = file ? readSecret(file, "controlPlane.auth.apiKeyFile", readFile) : environment["FLYTE_API_KEY"];
      const apiKey = parseApiKey(key ?? "");
      const { clientId, clientSecret } = apiKey;
      return { credentials: { type: "clientSecret", clientId, clientSecret, ...scopesOf(auth) }, apiKey };
    }
    case "externalCommand": {
      const [program = "", ...args] = auth.command;
      return { credentials: { type: "externalCommand", command: [program, ...args] } };
    }
  }
}

function scopesOf({ scopes = [] }: { scopes?: readonly string[] | undefined }): { scopes?: readonly string[] } {
  return scopes.length > 0 ? { scopes } : {};
}

/** Reads a variable; `constructor` and the like are no variables, although every object inherits them. */
function readVariable(variable: string, setting: string, environment: Environment): string {
  const content = (Object.hasOwn(environment, variable) && environment[variable]?.trim()) || "";
  if (content === "") throw problem("variable-missing", { variable, setting });
  return content;
}
