import { shellQuote } from "../shell-quote.ts";
import { type At, entry, exitCodes } from "./code-entry.ts";
import { askForToken, authorityOf } from "./endpoint-texts.ts";
import { fillObject, mountedObject } from "./mounted-objects.ts";

const exit = exitCodes.controlPlane;

interface Identity {
  /** The client id, or what replaces it in messages; never a secret. */
  identity: string;
}

/** Who the run is to the control plane, and what it may do there. */
export const identityCodes = {
  "credentials-missing": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} requires authentication, but no credentials are configured`,
    fix: (_args, { chart, setting }) =>
      chart
        ? `Set ${setting("controlPlane.auth.type")} to clientSecret or apiKey, and ${setting("controlPlane.auth.clientSecretFile")} to the Secret that holds the credential.`
        : "Set FLYTE_API_KEY to an API key (flyte create api-key --name registrar creates one), or controlPlane.auth to a client secret or a command.",
    next: (_args, { command }) => command("check"),
  }),
  "credentials-refused": entry<At & Identity>({
    exit,
    what: ({ endpoint, identity }) => `${endpoint} rejects the token of ${identity}`,
    fix: (_args, { setting }) =>
      `Set ${setting("controlPlane.auth")} to credentials of this control plane; if they are, compare the clocks of both sides (date -u).`,
    next: (_args, { command }) => command("check"),
  }),
  "permission-denied": entry<At & Identity & { request: string }>({
    exit,
    what: ({ request, identity, endpoint }) => `${identity} may not ${request} on ${endpoint}`,
    // Source: Union's documentation of user management; docs/install.md has the commands.
    fix: ({ identity, request }) =>
      `Grant ${identity} the right to ${request}: on Union's control planes, a policy whose role has view_flyte_inventory and register_flyte_inventory there (the built-in Contributor has both).`,
    next: (_args, { command }) => command("check"),
  }),
  "token-endpoint-unreachable": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the token endpoint ${endpoint} is unreachable`,
    fix: ({ endpoint }, { setting }) =>
      `Allow egress to ${authorityOf(endpoint)} (NetworkPolicy, security group, firewall); if egress goes through a proxy, set ${setting("controlPlane.proxy")}.`,
    next: askForToken,
  }),
  "token-endpoint-failed": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the token endpoint ${endpoint} issued no token`,
    fix: ({ endpoint }) =>
      `Read the log of the identity provider at ${shellQuote(endpoint)} for the time of this run, then run it again.`,
    next: askForToken,
  }),
  "token-endpoint-refused": entry<At>({
    exit,
    what: ({ endpoint }) => `the token endpoint ${endpoint} rejects the request for a token`,
    fix: ({ endpoint }) =>
      `Correct what why names at the identity provider of ${shellQuote(endpoint)}, in its log for the time of this run.`,
    next: askForToken,
  }),
  "token-endpoint-not-spoken": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} answers, but not as a token endpoint`,
    fix: ({ endpoint }) =>
      `Correct the token endpoint that the control plane publishes (its external auth server), or exempt ${shellQuote(endpoint)} from the firewall, proxy or login that answers in its place.`,
    next: askForToken,
  }),
  "token-endpoint-insecure": entry<At & { published: string }>({
    exit,
    what: ({ endpoint, published }) =>
      `${endpoint} names ${published} as its token endpoint, to which no client secret is sent: it is neither https nor in the cluster`,
    fix: ({ endpoint }) =>
      `Set the token endpoint that the control plane at ${shellQuote(endpoint)} publishes (its external auth server) to one with https://, or to the name of its Service (….svc).`,
    next: (_args, { command }) => command("check"),
  }),
  "client-refused": entry<At & Identity>({
    exit,
    what: ({ identity, endpoint }) => `the identity provider at ${endpoint} rejects ${identity}`,
    fix: (_args, { chart, setting }) => {
      const clientId = setting("controlPlane.auth.clientId");
      return chart?.credential
        ? `Put the current client secret into key ${chart.credential.key} of Secret ${chart.namespace}/${chart.credential.secret} (the next command does, from standard input), or correct ${clientId}.`
        : `Correct ${clientId}, or put the current client secret into the file of ${setting("controlPlane.auth.clientSecretFile")}.`;
    },
    next: (_args, reader) => {
      const secret = reader.chart && mountedObject("controlPlane.auth.clientSecretFile", reader.chart);
      return secret ? fillObject(secret, reader) : reader.command("check", "--category", "identity");
    },
  }),
  "grant-refused": entry<At & Identity>({
    exit,
    what: ({ identity, endpoint }) => `the identity provider at ${endpoint} does not allow ${identity} to get a token`,
    fix: ({ identity }) =>
      `Allow ${identity} the client-credentials grant at the identity provider (Keycloak: service account; Auth0: an authorized API; Okta: an access policy).`,
    next: (_args, { command }) => command("check", "--category", "identity"),
  }),
  "scope-refused": entry<At & Identity>({
    exit,
    what: ({ identity, endpoint }) =>
      `the identity provider at ${endpoint} rejects the scope or audience requested for ${identity}`,
    fix: ({ identity }, { setting }) =>
      `Grant ${identity} the scope and audience shown under why, or set ${setting("controlPlane.auth.scopes")} to scopes that this identity provider knows (Entra: api://…/.default).`,
    next: (_args, { command }) => command("check"),
  }),
  "external-command-failed": entry<{ program: string }>({
    exit,
    what: ({ program }) => `the token command ${program} did not print a token`,
    fix: () => "Correct controlPlane.auth.command so that it prints a token and exits with 0 within 30 s.",
    next: ({ program }) => `command -v ${shellQuote(program)}`,
  }),
  "project-missing": entry<{ project: string }>({
    exit: exitCodes.failed,
    what: ({ project }) => `project ${project} does not exist on the control plane`,
    fix: ({ project }, { setting }) =>
      `Set ${setting("policy.ensureProject")} to true (the default), which creates it, or create project ${project} yourself.`,
    next: ({ project }) => `flyte create project --id ${shellQuote(project)} --name ${shellQuote(project)}`,
  }),
  "domain-missing": entry<{ project: string; domain: string; domains: string }>({
    exit: exitCodes.failed,
    what: ({ project, domain, domains }) => `project ${project} has no domain ${domain} (it has ${domains})`,
    fix: ({ domains }, { setting }) =>
      `Set ${setting("task.domain")} to one of ${domains}; the SDK looks in production by default.`,
    next: ({ project }) => `flyte get project ${shellQuote(project)}`,
  }),
  "project-archived": entry<{ project: string }>({
    exit: exitCodes.failed,
    what: ({ project }) => `project ${project} is archived`,
    fix: ({ project }, { setting }) =>
      `Set ${setting("policy.ensureProject")} to true (the default), which reactivates it, or reactivate project ${project} yourself.`,
    next: ({ project }) => `flyte update project ${shellQuote(project)} --unarchive`,
  }),
  "project-refused": entry<{ project: string; action: string } & Identity>({
    exit,
    what: ({ project, action, identity }) => `${identity} may not ${action} project ${project}`,
    fix: ({ project, action }, { setting }) =>
      `Have an administrator ${action} project ${project}, then set ${setting("policy.ensureProject")} to false.`,
    next: ({ project }) => `flyte get project ${shellQuote(project)}`,
  }),
} as const;
