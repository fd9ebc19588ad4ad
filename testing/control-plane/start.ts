import type { ProjectState } from "#flyteidl2/project/project_service_pb.js";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { ProductName } from "../identity-provider/products.ts";
import { type TokenRequest, tokenHandler } from "../identity-provider/token-endpoint.ts";
import { createTokens, type OAuthClient } from "../identity-provider/tokens.ts";
import { type Authentication, apiHandler } from "./api.ts";
import type { BuildBehavior } from "./build-behavior.ts";
import { type Builds, createBuildParts } from "./builds.ts";
import { createFaults, type Fault } from "./faults.ts";
import { type HttpVersions, type Listener, listen, type ServerCertificate } from "./listener.ts";
import { createProjects, type Projects } from "./projects.ts";
import type { RecordedRequest } from "./recorded-requests.ts";
import { createRegistrations, type RegistrationId, type StoredRegistration } from "./registrations.ts";
import type { Gate, RecordedCall } from "./request-handler.ts";
import { BUILD_IMAGE, seedRegistrations, unsignedSpec } from "./seeds.ts";
import type { Existing } from "./task-service.ts";

interface OAuthOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 3600 unless told otherwise. */
  readonly tokenLifetimeSeconds?: number;
  /** The scopes that may be asked for; "all" unless told otherwise. */
  readonly scopes?: readonly string[];
  /** The scopes that the control plane publishes; those that may be asked for unless told otherwise. */
  readonly publishedScopes?: readonly string[];
  /** What the token endpoint behaves as; "plain", which compares credentials byte for byte, unless told otherwise. */
  readonly product?: ProductName;
  /** False: the client is known, and may get no token. */
  readonly mayLogIn?: boolean;
  /** Told of each token request as it came, secrets included. */
  readonly onTokenRequest?: (request: TokenRequest) => void;
  /** When given, a token request must name it. */
  readonly audience?: string;
  /** The audience that the control plane publishes; the one that must be named unless told otherwise. */
  readonly publishedAudience?: string;
  /** The header that carries the token (`authorizationMetadataKey`), in lower case; "authorization" unless told otherwise. */
  readonly authorizationHeader?: string;
  /** The token endpoint that the control plane publishes; its own unless told otherwise. */
  readonly publishedTokenEndpoint?: string;
  /** Of the token endpoint; that of the control plane unless told otherwise. */
  readonly tls?: ServerCertificate | "none";
}

/** How a stand-in behaves; every part has a default. */
export interface ControlPlaneOptions {
  /** An address of this machine for the API and the token endpoint; the loopback one unless told otherwise. */
  readonly address?: string;
  /** Random unless told otherwise. */
  readonly port?: number;
  /** What `DeployTask` does with a stored version; "replace" unless told otherwise. */
  readonly existing?: Existing;
  /** `ListVersions` gives every version, whatever is asked for, as an older server does; false unless told otherwise. */
  readonly ignoresVersionFilters?: boolean;
  readonly tls?: ServerCertificate;
  /** Of a TLS listener; "both" unless told otherwise. */
  readonly httpVersions?: HttpVersions;
  readonly oauth?: OAuthOptions;
  /** Added to each answer of the API. */
  readonly latencyMs?: number;
  /** What `ListTasks` takes longer for each 1,000 stored registrations: 9.5 on a real server; 0 unless told otherwise. */
  readonly lookupMsPerThousand?: number;
  /** One active project "system" unless told otherwise. */
  readonly projects?: readonly { readonly id: string; readonly state?: ProjectState }[];
  /** How many old unsigned registrations of build-image to start with. */
  readonly registrations?: number;
  /** Told of each registration that `DeployTask` has stored, before it answers: for servers and writers that interfere. */
  readonly onDeployed?: (stored: StoredRegistration, store: ControlPlane["store"]) => void;
  /** DataProxyService, ImageService and the bucket are at an endpoint of their own, which SelectCluster names. */
  readonly separateDataPlane?: boolean;
  /** How builds go; every part has a default: a build that succeeds at once. */
  readonly builds?: BuildBehavior;
  readonly now?: () => Date;
  /** Told of each request once it is over. */
  readonly log?: (call: RecordedCall, status: number | undefined) => void;
}

/** A registration to store without an RPC; by default an unsigned one of build-image in system/production, made now. */
interface NewRegistration extends Partial<RegistrationId> {
  readonly version: string;
  readonly spec?: TaskSpec;
  readonly createdAt?: Date;
}

/** A running stand-in. `await using` stops it at the end of a block. */
export interface ControlPlane extends AsyncDisposable {
  readonly url: string;
  /** Undefined unless it is an endpoint of its own. */
  readonly dataPlaneUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  /** Every request in order of arrival. */
  readonly calls: readonly RecordedCall[];
  /** The requests of builds that a service was asked, with what they hold. */
  readonly requests: readonly RecordedRequest[];
  readonly builds: Builds;
  /** Every stored version of every task, the newest last. */
  registrations(): StoredRegistration[];
  /** Stores a registration as `DeployTask` would with `existing: "replace"`, at any time. */
  store(registration: NewRegistration): StoredRegistration;
  readonly projects: Pick<Projects, "state" | "setState">;
  /** Puts a fault in force in place of the one before; undefined clears it. */
  setFault(fault: Fault | undefined): Promise<void>;
  /** Refuses all tokens issued so far. */
  revokeTokens(): void;
  /** Cuts all connections, stops listening, and ends the builds that go on. */
  stop(): Promise<void>;
}

interface IdentityProvider extends Authentication {
  readonly listener: Listener;
}

async function startIdentityProvider(
  options: OAuthOptions,
  { address, tls: planeTls }: Pick<ControlPlaneOptions, "address" | "tls">,
  gate: Gate,
  now: () => Date,
): Promise<IdentityProvider> {
  const { tls: given = planeTls, tokenLifetimeSeconds = 3600, ...rest } = options;
  const client: OAuthClient = { scopes: ["all"], authorizationHeader: "authorization", product: "plain", ...rest };
  const tls = given === "none" ? undefined : given;
  const tokens = createTokens(now, tokenLifetimeSeconds);
  const listener = await listen({ handle: tokenHandler({ ...gate, latencyMs: 0 }, client, tokens), tls, address });
  return { client, tokens, tokenUrl: `${listener.url}/oauth2/token`, listener };
}

/** Starts a stand-in for the control plane. It keeps everything in memory. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { now = () => new Date(), log = () => {}, onDeployed = () => {}, latencyMs = 0 } = options;
  const { existing = "replace", ignoresVersionFilters = false, lookupMsPerThousand = 0 } = options;
  const calls: RecordedCall[] = [];
  const faults = createFaults();
  const record = (call: RecordedCall) => {
    calls.push(call);
    return (status: number | undefined) => log(call, status);
  };
  const gate: Gate = { record, faults, latencyMs };
  const registrations = createRegistrations(now);
  seedRegistrations(registrations, options.registrations ?? 0);
  const projects = createProjects(options.projects ?? [{ id: BUILD_IMAGE.project }]);

  const authentication = options.oauth && (await startIdentityProvider(options.oauth, options, gate, now));
  const origin = (): string => api.url;
  const store: ControlPlane["store"] = ({ spec, createdAt, ...id }) =>
    registrations.put({ ...BUILD_IMAGE, ...id }, spec ?? unsignedSpec(id), createdAt);
  const tasks = {
    existing,
    ignoresVersionFilters,
    lookupMsPerThousand,
    onDeployed: (stored: StoredRegistration) => onDeployed(stored, store),
  };
  const dataPlaneOrigin = () => dataPlane?.url ?? api.url;
  const builds = createBuildParts(options.builds ?? {}, { projects, now, origin: dataPlaneOrigin });
  const parts = { gate, registrations, projects, tasks, authentication, builds, now, origin, dataPlaneOrigin };
  const { address, tls, httpVersions } = options;
  const dataPlane: Listener | undefined = options.separateDataPlane
    ? await listen({ address, tls, httpVersions, handle: apiHandler(parts, "data-plane", ["data-plane"]) })
    : undefined;
  const services = dataPlane ? (["control-plane"] as const) : (["control-plane", "data-plane"] as const);
  const api: Listener = await listen({ ...options, handle: apiHandler(parts, "control-plane", services) });

  const stop = async (): Promise<void> => {
    await Promise.all([api.close(), dataPlane?.close(), authentication?.listener.close(), builds.executions.stop()]);
  };

  return {
    url: api.url,
    dataPlaneUrl: dataPlane?.url,
    tokenUrl: authentication?.tokenUrl,
    calls,
    requests: builds.requests,
    builds: builds.builds,
    registrations: () => registrations.all(),
    store,
    projects,
    async setFault(fault) {
      faults.set(fault);
      const refusing = fault?.kind === "refused" && (fault.endpoint ?? "control-plane");
      await (refusing === "control-plane" ? api.close() : api.reopen());
      await (refusing === "data-plane" ? dataPlane?.close() : dataPlane?.reopen());
    },
    revokeTokens: () => authentication?.tokens.revoke(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
