import type { CopyDependencies } from "../../../images/mirror/copy-image.ts";
import { findTool } from "../../../images/mirror/find-tool.ts";
import { type MirrorAccess, readMirrorAccess } from "../../../images/mirror/mirror-access.ts";
import { createRegistryImages } from "../../../images/mirror/registry-images.ts";
import { type ToolRoute, toolEnvironment } from "../../../images/mirror/tool-environment.ts";
import { trustedCertificates } from "../../../network/start-tls.ts";
import { createRegistryClient } from "../../../registry/create-registry-client.ts";
import { createLogins, noLogins } from "../../../registry/logins.ts";
import type { RegistryClient } from "../../../registry/registry-client.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { Clock } from "../../../system/clock.ts";
import type { PrivateFolder } from "../../../system/private-folder.ts";
import type { ReadFile } from "../../../system/surroundings.ts";
import { readText } from "../../../system/text-file.ts";
import type { Shell } from "../../shell/command.ts";
import type { World } from "../../shell/world.ts";
import type { MirrorFlags } from "./mirror-flags.ts";

/** What copies images and what asks registries, with the same CAs, proxy and logins. */
export interface MirrorTools extends Disposable {
  dependencies: CopyDependencies & { clock: Clock };
  client: RegistryClient;
}

/**
 * Finds a tool, and prepares its environment and this program's own client.
 * @param to the target as `--to` takes it
 * @param folder for files that a tool reads, until the run ends
 * @throws {RegistrarError} mirror-tool-missing, and those of readMirrorAccess
 */
export async function openMirrorTools(
  settings: Settings,
  flags: MirrorFlags,
  to: string,
  folder: PrivateFolder,
  { world, redactor }: Shell,
): Promise<MirrorTools> {
  const access = readMirrorAccess(settings, world.environment, world.readFile);
  access.secrets.forEach(redactor.protect);
  const environment = toolEnvironment(world.environment, await routeFiles(access, folder, world));
  const { clock, temporaryFolder, runId, runProcess } = world;
  const runner = { runProcess, environment, cwd: folder.path };
  const tool = flags.isDryRun ? undefined : await findTool(flags.tool, runner, world.signal);
  const { logins, route, insecureHosts } = access;
  const client = createRegistryClient({
    route,
    insecureHosts,
    clock,
    logins: logins ? createLogins(logins.config, logins.file, runner) : noLogins,
    protect: redactor.protect,
  });
  const options = { insecureHosts, hasPolicy: hasPolicy(world) };
  const registries = createRegistryImages(client, clock);
  return {
    dependencies: { ...runner, to, clock, temporaryFolder, runId, options, registries, tool },
    client,
    [Symbol.dispose]: () => client.close(),
  };
}

/** The files that a tool reads: a bundle of CAs, and the logins under the name that Docker gives them. */
async function routeFiles(
  { route, logins }: MirrorAccess,
  folder: PrivateFolder,
  { readFile }: World,
): Promise<ToolRoute> {
  const { certificateAuthorities, proxy, noProxy } = route;
  const bundle = certificateAuthorities && trustedCertificates(certificateAuthorities).join("\n");
  if (logins) await folder.write("config.json", readText(logins.file, readFile));
  return {
    proxy: proxy?.url.href ?? "",
    noProxy,
    certificateFile: bundle ? await folder.write("ca.pem", bundle) : undefined,
    dockerConfigFolder: logins && folder.path,
  };
}

/** Without one of these, skopeo copies nothing (containers-policy.json(5)). */
function hasPolicy({ environment, readFile }: World): boolean {
  const home = environment["HOME"];
  const files = [...(home ? [`${home}/.config/containers/policy.json`] : []), "/etc/containers/policy.json"];
  return files.some((file) => isReadable(file, readFile));
}

function isReadable(file: string, readFile: ReadFile): boolean {
  try {
    readFile(file);
    return true;
  } catch {
    // Not there, or not for this user: skopeo cannot read it either.
    return false;
  }
}
