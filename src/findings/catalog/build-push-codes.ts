import { entry, exitCodes } from "./code-entry.ts";
import { ecrPushActions, fixLogin, grantPush, pusherText } from "./push-rights.ts";
import { listRepositories, type RegistryPlace, showLogin, showRights } from "./registry-kinds.ts";

const exit = exitCodes.failed;

/** What kept buildkit from a registry that it pushes to. */
export type PushFault = "name" | "connection" | "tls" | "server" | "other";

const show = (place: RegistryPlace) => listRepositories(place) ?? showLogin(place);

/** The registry's answers to the push of what was built. */
export const buildPushCodes = {
  "build-push-denied": entry<RegistryPlace>({
    exit,
    what: (place) => `the registry denies the push of ${place.image}: ${pusherText(place)} may not push there`,
    fix: grantPush,
    next: (place) => showRights(place, ecrPushActions),
  }),
  "build-push-not-logged-in": entry<RegistryPlace>({
    exit,
    what: ({ image }) => `the registry denies the push of ${image} because the build has no valid login there`,
    fix: ({ registry }) => fixLogin(registry),
    next: showLogin,
  }),
  "build-repository-missing": entry<RegistryPlace>({
    exit,
    what: ({ image }) => `the repository of ${image} does not exist, and the registry does not create it by a push`,
    fix: ({ registry, resource }, { setting }) =>
      `Create ${repositoryText(registry, resource)}, or correct imageBuilder.defaultRepository of the data plane (or ${setting("build.registry")}).`,
    next: show,
  }),
  "build-tag-immutable": entry<RegistryPlace>({
    exit,
    what: ({ image }) =>
      `${image} exists already and its tag is immutable; login and the right to push are proven, though`,
    fix: (_place, { setting }) =>
      `Set ${setting("build.tag")} to unique, so that each build has a tag of its own, or exempt this tag from the rule.`,
    next: show,
  }),
  "build-registry-quota": entry<RegistryPlace>({
    exit,
    what: ({ image }) => `the registry has no room for ${image}`,
    fix: ({ image }) =>
      `Raise the quota of the project or registry of ${image}, or delete images there and collect the garbage.`,
    next: show,
  }),
  "build-push-failed": entry<RegistryPlace & { fault: PushFault; host: string }>({
    exit,
    what: ({ image }) => `the push of ${image} failed`,
    fix: ({ fault, host }, { command }) => {
      const server = host === "" ? "the registry" : host;
      switch (fault) {
        case "name":
          return `Correct the host in imageBuilder.defaultRepository of the data plane, or add ${server} to the DNS that buildkit asks.`;
        case "connection":
          return `Allow TCP from buildkit to ${server} (NetworkPolicy, security group, VPC endpoint), and start the registry if it is down.`;
        case "tls":
          return `Set ca (or http = true) for [registry."${server}"] in imageBuilder.buildkit.extraConfig of the data plane, or renew its certificate.`;
        case "server":
          return `Read the log of ${server} for the time of the build, or wait, then run it again: ${command("verify", "--build")}.`;
        default:
          return `Correct what why names at ${server}; imageBuilder.defaultRepository of the data plane says where builds push.`;
      }
    },
    next: show,
  }),
} as const;

/** What to create, by the cloud's own command where it is known. */
function repositoryText(registry: RegistryPlace["registry"], resource: string): string {
  const [, region, , name] = /^arn:[\w-]+:ecr:([\w-]+):(\d+):repository\/([\w./-]+)$/.exec(resource) ?? [];
  if (registry === "aws" && region && name) {
    return `it (aws ecr create-repository --region ${region} --repository-name ${name})`;
  }
  return registry === "harbor" ? "the project in Harbor" : "it";
}
