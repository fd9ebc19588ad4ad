import { ProjectState } from "#flyteidl2/project/project_service_pb.js";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";

const oauth = { clientId: "registrar", clientSecret: "the-secret" };

const tokenFrom = (script: string) => async (world: HealthyWorld) => {
  const command = [await world.write("token", `#!/bin/sh\n${script}\n`, 0o755)];
  world.settings.controlPlane["auth"] = { type: "externalCommand", command };
};
const withAuth = (auth: object) => (world: HealthyWorld) =>
  Object.assign(world.settings.controlPlane["auth"] as object, auth);

/** Logins that fail, and rights and projects that are missing. */
export const identityFaults: readonly Fault[] = [
  {
    fault: "the control plane requires a login and none is set",
    code: "credentials-missing",
    inject: (world) => {
      delete world.settings.controlPlane["auth"];
    },
  },
  {
    fault: "the client secret is wrong",
    code: "client-refused",
    inject: (world) => world.write("client_secret", "that-of-yesterday"),
  },
  {
    fault: "the client secret is the value of another key",
    code: "client-refused",
    inject: (world) => world.write("client_secret", "-----BEGIN CERTIFICATE-----\n"),
  },
  { fault: "the client ID is unknown", code: "client-refused", inject: withAuth({ clientId: "nobody" }) },
  {
    fault: "the client may not request the scope",
    code: "scope-refused",
    inject: (world) => world.plane.setFault({ kind: "invalid-scope" }),
  },
  {
    fault: "the control plane publishes a scope that the identity provider does not know",
    code: "scope-refused",
    world: { plane: { oauth: { ...oauth, product: "entra", publishedScopes: ["none"] } } },
  },
  {
    fault: "the client has no service account",
    code: "grant-refused",
    world: { plane: { oauth: { ...oauth, product: "keycloak", mayLogIn: false } } },
  },
  {
    fault: "the identity provider does not know the tenant",
    code: "token-endpoint-refused",
    inject: (world) => world.plane.setFault({ kind: "unknown-tenant" }),
  },
  {
    fault: "the token endpoint is down",
    code: "token-endpoint-failed",
    inject: (world) => world.plane.setFault({ kind: "token-unavailable" }),
  },
  {
    fault: "the token endpoint never answers",
    code: "token-endpoint-unreachable",
    inject: (world) => world.plane.setFault({ kind: "hang", methods: ["token"] }),
  },
  {
    fault: "the token endpoint answers with a page",
    code: "token-endpoint-not-spoken",
    inject: (world) => world.plane.setFault({ kind: "login-page", methods: ["token"] }),
  },
  {
    fault: "the control plane publishes a token endpoint without TLS",
    code: "token-endpoint-insecure",
    world: { plane: { oauth: { ...oauth, publishedTokenEndpoint: "http://192.0.2.1/token" } } },
  },
  {
    fault: "the token command does not exist",
    code: "external-command-failed",
    inject: (world) => {
      world.settings.controlPlane["auth"] = { type: "externalCommand", command: ["/nonexistent/uctl"] };
    },
  },
  { fault: "the token command fails", code: "external-command-failed", inject: tokenFrom("echo expired >&2; exit 1") },
  { fault: "the token command prints nothing", code: "external-command-failed", inject: tokenFrom("true") },
  { fault: "the token command prints an old token", code: "credentials-refused", inject: tokenFrom("echo old-token") },
  {
    fault: "the identity may not read",
    code: "permission-denied",
    inject: (world) => world.plane.setFault({ kind: "permission-denied", methods: ["TaskService/ListTasks"] }),
  },
  {
    fault: "the control plane rejects the project's name as invalid",
    code: "control-plane-rejected",
    inject: (world) => world.plane.setFault({ kind: "invalid-argument", methods: ["ProjectService/GetProject"] }),
  },
  {
    fault: "the identity may not register",
    code: "permission-denied",
    inject: (world) => world.plane.setFault({ kind: "permission-denied", methods: ["TaskService/DeployTask"] }),
  },
  {
    fault: "the project does not exist",
    code: "project-missing",
    world: { plane: { oauth, projects: [{ id: "flytesnacks" }] } },
  },
  {
    fault: "the project does not have the domain",
    code: "domain-missing",
    inject: (world) => {
      world.settings.task["domain"] = "prodction";
    },
  },
  {
    fault: "the project is archived",
    code: "project-archived",
    world: { plane: { oauth, projects: [{ id: "system", state: ProjectState.ARCHIVED }] } },
  },
  {
    fault: "credentials are set for a control plane without TLS",
    code: "insecure-without-token",
    severity: "warning",
    world: { isPlain: true },
    inject: async (world) => {
      const clientSecretFile = await world.write("client_secret", "the-secret");
      world.settings.controlPlane["auth"] = { type: "clientSecret", clientId: "registrar", clientSecretFile };
    },
  },
];
