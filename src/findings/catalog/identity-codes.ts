import { type At, curl, entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.controlPlane;

interface Identity {
  /** The client id, or what stands for it; never a secret. */
  identity: string;
}

/** Who we are to the control plane and what it lets us do. */
export const identityErrors = {
  "credentials-missing": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} wants a log-in, and no credentials are set`,
    fix: () =>
      "Set FLYTE_API_KEY to an API key (flyte create api-key --name registrar makes one), or controlPlane.auth to a client secret or a command.",
    next: () => "registrar status --config <file>",
  }),
  "credentials-refused": entry<At & Identity>({
    exit,
    what: ({ endpoint, identity }) => `${endpoint} does not accept the token of ${identity}`,
    fix: () =>
      "Set controlPlane.auth to credentials that were made for this control plane; where they were, compare the clocks (date -u) of both.",
    next: () => "registrar status --config <file> --verbose",
  }),
  "permission-denied": entry<At & Identity & { request: string }>({
    exit,
    what: ({ request, identity, endpoint }) => `${identity} may not ${request} on ${endpoint}`,
    fix: ({ identity, request }) => `Grant ${identity} the right to ${request}, by a role of the control plane.`,
    next: () => "registrar status --config <file>",
  }),
  "token-endpoint-unreachable": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the token endpoint ${endpoint} cannot be reached`,
    fix: ({ endpoint }) =>
      `Allow egress to ${URL.parse(endpoint)?.host ?? endpoint} (NetworkPolicy, security group, firewall); where a proxy is the way out, set controlPlane.proxy.`,
    next: curl,
  }),
  "token-endpoint-failed": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the token endpoint ${endpoint} gave no token`,
    fix: ({ endpoint }) =>
      `Read the log of the identity provider at ${endpoint} for the time of this run, and run it again.`,
    next: curl,
  }),
  "client-refused": entry<At & Identity>({
    exit,
    what: ({ identity, endpoint }) => `the identity provider at ${endpoint} refuses ${identity}`,
    fix: () => "Correct controlPlane.auth.clientId, or put the current secret into clientSecretFile.",
    next: () => "kubectl get secret union-secret-auth --output jsonpath='{.data.client_secret}' | base64 -d | wc -c",
  }),
  "scope-refused": entry<At & Identity>({
    exit,
    what: ({ identity, endpoint }) =>
      `the identity provider at ${endpoint} refuses the scope or audience asked for ${identity}`,
    fix: ({ identity }) =>
      `Grant ${identity} the scope and the audience that stand under why: the control plane asks for them.`,
    next: () => "registrar status --config <file> --verbose",
  }),
  "external-command-failed": entry<{ program: string }>({
    exit,
    what: ({ program }) => `the command ${program}, which should print a token, did not`,
    fix: () => "Correct controlPlane.auth.command so that it prints a token and ends with 0 within 30 seconds.",
    next: ({ program }) => `command -v ${program}`,
  }),
  "project-missing": entry<{ project: string }>({
    exit: exitCodes.failed,
    what: ({ project }) => `project ${project} does not exist on the control plane`,
    fix: () => "Run registrar register with policy.ensureProject true (the default), or create the project yourself.",
    next: ({ project }) => `flyte create project --id ${project} --name ${project}`,
  }),
  "domain-missing": entry<{ project: string; domain: string; domains: string }>({
    exit: exitCodes.failed,
    what: ({ project, domain, domains }) => `project ${project} has no domain ${domain} (it has ${domains})`,
    fix: ({ domains }) => `Set task.domain to one of ${domains}; SDK users look in production by default.`,
    next: ({ project }) => `flyte get project ${project}`,
  }),
  "project-archived": entry<{ project: string }>({
    exit: exitCodes.failed,
    what: ({ project }) => `project ${project} is archived`,
    fix: () =>
      "Run registrar register with policy.ensureProject true (the default), or make the project active yourself.",
    next: ({ project }) => `flyte update project ${project} --unarchive`,
  }),
  "project-refused": entry<{ project: string; action: string } & Identity>({
    exit,
    what: ({ project, action, identity }) => `${identity} may not ${action} project ${project}`,
    fix: ({ project, action }) =>
      `Have an administrator ${action} project ${project}, then set policy.ensureProject to false.`,
    next: ({ project }) => `flyte get project ${project}`,
  }),
} as const;
