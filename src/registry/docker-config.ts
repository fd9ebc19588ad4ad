import * as z from "zod";
import { problem } from "../findings/registrar-error.ts";
import { parseJson } from "../system/parse-json.ts";
import type { ImageReference } from "./image-reference.ts";

/** What logs in to a registry. */
export type Secret =
  | { kind: "password"; username: string; password: string }
  /** Goes to the token endpoint as refresh token. */
  | { kind: "identity-token"; token: string }
  /** Goes to the registry itself, as bearer token. */
  | { kind: "registry-token"; token: string };

/** What a Docker configuration has for a repository. */
export type ConfiguredLogin =
  | Secret
  /** Only the program `docker-credential-<helper>` knows. */
  | { kind: "helper"; helper: string };

/** Logins of a Docker configuration, by hosts (`docker.io`) and hosts with a path (`ghcr.io/acme`). */
export interface DockerConfig {
  auths: ReadonlyMap<string, Secret>;
  /** By host. */
  credHelpers: ReadonlyMap<string, string>;
  credsStore: string | undefined;
}

/** It becomes a part of the name of a program. */
const helperName = z.string().regex(/^[\w.-]+$/, "is no name of a credential helper");

/** https://docs.docker.com/reference/cli/docker/login/ and github.com/docker/cli, cli/config/types; other fields are of no use here. */
const configSchema = z.looseObject({
  auths: z
    .record(
      z.string(),
      z.looseObject({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
        registrytoken: z.string().optional(),
      }),
    )
    .nullish(),
  credHelpers: z.record(z.string(), helperName).nullish(),
  credsStore: z.literal("").or(helperName).nullish(),
});

type Entry = NonNullable<z.output<typeof configSchema>["auths"]>[string];

/**
 * Reads a Docker configuration: `config.json`, or the `.dockerconfigjson` of a Secret.
 * @param file where it is, for the error
 * @throws {RegistrarError} registry-login-file-malformed, without what is in it
 */
export function parseDockerConfig(text: string, file: string): DockerConfig {
  const json = parseJson(text);
  // The parser's own message would quote the text, which holds passwords.
  if (json === undefined) throw problem("registry-login-file-malformed", { file }, "it is not JSON");
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw problem("registry-login-file-malformed", { file }, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  const secrets = Object.entries(auths ?? {}).flatMap(([key, entry]) => {
    const secret = secretOf(entry);
    return secret ? [[placeOf(key), secret] as const] : [];
  });
  return {
    auths: new Map(secrets),
    credHelpers: new Map(Object.entries(credHelpers ?? {}).map(([key, helper]) => [placeOf(key), helper])),
    credsStore: credsStore || undefined,
  };
}

/**
 * Finds the login for a repository, as the docker CLI does, and so buildkit: `credHelpers` before `credsStore` before `auths`. Of
 * hosts with a path, which Podman and Kubernetes know too, the longest that the repository is below counts.
 */
export function findLogin(
  { auths, credHelpers, credsStore }: DockerConfig,
  { host, repository }: Pick<ImageReference, "host" | "repository">,
): ConfiguredLogin | undefined {
  const helper = credHelpers.get(host) ?? credsStore;
  if (helper !== undefined) return { kind: "helper", helper };
  const name = `${host}/${repository}`;
  const places = [...auths.keys()].filter((place) => name === place || name.startsWith(`${place}/`));
  const [longest = ""] = places.toSorted((one, other) => other.length - one.length);
  return auths.get(longest);
}

/** `https://index.docker.io/v1/` is `docker.io`; scheme and version of the API are of old Docker clients. */
function placeOf(key: string): string {
  const place = key
    .replace(/^https?:\/\//, "")
    .replace(/(?<!\/)\/+$/, "")
    .replace(/\/v[12]$/, "");
  return place.replace(/^(?:index\.docker\.io|registry-1\.docker\.io)(?=\/|$)/, "docker.io");
}

function secretOf({ auth, username, password, identitytoken, registrytoken }: Entry): Secret | undefined {
  if (identitytoken) return { kind: "identity-token", token: identitytoken };
  if (registrytoken) return { kind: "registry-token", token: registrytoken };
  if (auth) {
    const decoded = Buffer.from(auth, "base64").toString();
    const colon = decoded.indexOf(":");
    // Old Docker clients filled the password with zero bytes.
    const secret = decoded.slice(colon + 1).replace(/\0+$/, "");
    return colon < 1 ? undefined : { kind: "password", username: decoded.slice(0, colon), password: secret };
  }
  return username && password ? { kind: "password", username, password } : undefined;
}
