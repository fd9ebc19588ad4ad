import type { Reader } from "../reader.ts";
import { quoteHost, shellQuote } from "../shell-quote.ts";
import { type At, curl, entry, exitCodes } from "./code-entry.ts";
import { askRegistry } from "./endpoint-texts.ts";

const exit = exitCodes.failed;

interface ImageAt extends At {
  /** `ghcr.io/acme/base:1` */
  image: string;
}

interface LoginFor {
  /** As references name the registry: `docker.io`. */
  host: string;
  /** Path of the Docker configuration. */
  file: string;
}

interface Helper extends LoginFor {
  /** `docker-credential-ecr-login` */
  helper: string;
}

/** Logins to container registries. */
export const registryLoginCodes = {
  "registry-login-required": entry<ImageAt>({
    exit,
    what: ({ endpoint, image }) =>
      `the registry ${endpoint} requires a login for ${image}, or has no such repository: anonymously it does not say which`,
    fix: ({ image }, { setting }) =>
      `Set ${setting("registry.authFile")} to a Docker configuration with a login for ${repositoryOf(image)}, or correct the reference.`,
    next: askRegistry,
  }),
  "registry-login-refused": entry<LoginFor & At>({
    exit,
    what: ({ host, file }) => `the login for ${host} in ${file} is refused`,
    fix: ({ host, file }, reader) =>
      `Renew the login for ${host} (${renewal(host)}), or remove it from ${fileName(file, reader)} if the images are public: a login that is refused also breaks pulls of public images.`,
    next: askRegistry,
  }),
  "registry-forbidden": entry<ImageAt & { withLogin: boolean }>({
    exit,
    what: ({ endpoint, image, withLogin }) =>
      withLogin === true
        ? `the login for ${endpoint} may not pull ${image}, or there is no such repository`
        : `the registry ${endpoint} forbids pulling ${image} without a login`,
    fix: ({ image, withLogin }, { setting }) =>
      withLogin === true
        ? `Grant the login of ${setting("registry.authFile")} the right to pull ${repositoryOf(image)}, or correct the reference.`
        : `Set ${setting("registry.authFile")} to a Docker configuration with a login for ${repositoryOf(image)}; if one is there, allow this network at the registry.`,
    next: askRegistry,
  }),
  "registry-login-file-malformed": entry<{ file: string }>({
    exit: exitCodes.usage,
    what: ({ file }) => `${file} is no Docker configuration (config.json)`,
    fix: (_args, { setting }) =>
      `Set ${setting("registry.authFile")} to the config.json that docker login writes, or the .dockerconfigjson of a Secret.`,
    next: ({ file }, { chart, command }) => (chart ? command("render") : `ls -l ${shellQuote(file)}`),
  }),
  "registry-login-helper-missing": entry<Helper>({
    exit,
    what: ({ helper, host, file }, { chart }) =>
      `${file} leaves the login for ${host} to the program ${helper}, which is not ${chart ? "in this image" : "installed here"}`,
    fix: ({ helper, host }, { chart, setting }) =>
      chart
        ? `Set ${setting("registry.authFile")} to a Docker configuration with a login for ${host} under auths: this image has no credential helpers.`
        : `Install ${helper} on the PATH, or set ${setting("registry.authFile")} to a file with a login for ${host} under auths.`,
    next: findHelper,
  }),
  "registry-login-helper-failed": entry<Helper>({
    exit,
    what: ({ helper, host, file }) => `the program ${helper}, to which ${file} leaves the login for ${host}, fails`,
    fix: ({ helper, host }, { setting }) =>
      `Run echo ${keyOf(host)} | ${shellQuote(helper)} get and correct what it reports, or set ${setting("registry.authFile")} to a file with a login for ${host} under auths.`,
    next: findHelper,
  }),
  "registry-token-endpoint-insecure": entry<LoginFor & { realm: string }>({
    exit,
    what: ({ host, realm }) =>
      `${host} has its tokens at ${realm}, which is plain HTTP, so the login is not sent there`,
    fix: ({ realm }, { setting }) =>
      `Have the registry name its token endpoint as https://, or add ${hostAndPort(realm)} to ${setting("registry.insecureHosts")}.`,
    next: ({ realm }, reader) => curl({ endpoint: realm }, reader),
  }),
  "registry-token-unusable": entry<{ host: string; realm: string }>({
    exit,
    what: ({ host, realm }) => `the token endpoint of ${host}, ${realm}, answers without a token`,
    fix: ({ host }) =>
      `Correct the token endpoint (realm) in the settings of ${host}, or what answers there in place of its token server (see why).`,
    next: ({ realm }, reader) => curl({ endpoint: realm }, reader),
  }),
} as const;

/** Where the program is; in a pod, what names the Docker configuration. */
function findHelper({ helper }: Helper, { chart, command }: Reader): string {
  return chart ? command("render") : `command -v ${shellQuote(helper)}`;
}

/** An image without tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

/** The name by which a helper knows a registry: Docker Hub has an old one. */
function keyOf(host: string): string {
  return host === "docker.io" ? "https://index.docker.io/v1/" : host;
}

/** Host and port as `registry.insecureHosts` has them. */
function hostAndPort(url: string): string {
  return quoteHost(URL.parse(url)?.host ?? url);
}

function renewal(host: string): string {
  if (/\.dkr[.-]ecr\b/.test(host)) return "aws ecr get-login-password: it is good for 12 hours";
  if (host.endsWith(".azurecr.io")) return "az acr login";
  return `docker login ${host === "docker.io" ? "" : host}`.trim();
}

function fileName(file: string, { chart, setting }: Reader): string {
  return chart ? `the Secret of ${setting("registry.authFile")}` : shellQuote(file);
}
