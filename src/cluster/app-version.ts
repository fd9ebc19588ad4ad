import type { AppVersionFault } from "../findings/catalog/settings-codes.ts";
import { problem } from "../findings/registrar-error.ts";
import { appVersion } from "../settings/field-types.ts";
import type { LoadedSettings } from "../settings/load.ts";
import { type Cluster, isForbidden, isNoCluster, isNotFound, type OpenCluster } from "./cluster.ts";

/** The variable in which the data plane chart passes its appVersion to the operator. Labels do not contain it. */
const variable = "HELM_APP_VERSION";

/**
 * The appVersion of a running data plane, from a source such as `deployment/union-operator`.
 * @throws {RegistrarError} app-version-not-found
 */
export async function appVersionFrom(source: string, openCluster: () => Promise<Cluster>): Promise<string> {
  const name = source.slice(source.indexOf("/") + 1);
  let namespace = "";
  let containers: Awaited<ReturnType<Cluster["readDeployment"]>>;
  try {
    const cluster = await openCluster();
    namespace = cluster.namespace;
    containers = await cluster.readDeployment(name);
  } catch (error) {
    throw problem("app-version-not-found", { source, namespace, fault: faultOf(error) }, error);
  }
  const values = containers.flatMap(({ environment }) => environment[variable] ?? []);
  const parsed = appVersion.safeParse(values[0]);
  if (parsed.success) return parsed.data;
  const names = containers.map((container) => container.name).join(", ");
  const reason =
    values[0] === undefined
      ? `no container of it (${names}) has ${variable}`
      : `${variable} ${parsed.error.issues[0]?.message}`;
  throw problem("app-version-not-found", { source, namespace, fault: "no-version" }, reason);
}

function faultOf(error: unknown): AppVersionFault {
  if (isNoCluster(error)) return "no-cluster";
  if (isNotFound(error)) return "deployment-missing";
  return isForbidden(error) ? "forbidden" : "unreadable";
}

/**
 * The settings with their appVersion: if none is set, that of the Deployment which `appVersionFrom` names.
 * @throws {RegistrarError} app-version-not-found; the signal's reason
 */
export async function resolveAppVersion(
  loaded: LoadedSettings,
  { openCluster }: { openCluster: OpenCluster },
  signal: AbortSignal,
): Promise<LoadedSettings> {
  const { appVersion, appVersionFrom: source, release } = loaded.settings;
  if (appVersion !== undefined || source === undefined) return loaded;
  try {
    const found = await appVersionFrom(source, () => openCluster(release.namespace, signal));
    return { ...loaded, settings: { ...loaded.settings, appVersion: found } };
  } catch (error) {
    // SIGTERM or a deadline, and not the Deployment.
    signal.throwIfAborted();
    throw error;
  }
}
