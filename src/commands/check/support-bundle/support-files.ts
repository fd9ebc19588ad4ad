import { toJson } from "@bufbuild/protobuf";
import { TaskDetailsSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Found } from "../../../checks/list.ts";
import type { OpenCluster } from "../../../cluster/cluster.ts";
import { taskYaml } from "../../../definition/definition.ts";
import { asRegistrarError } from "../../../findings/registrar-error.ts";
import { parseProxy } from "../../../network/route.ts";
import type { GivenSettings } from "../../../settings/parse-settings.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { Describe } from "../../shell/audience.ts";
import type { Shell } from "../../shell/command.ts";
import type { ArchivedFile } from "./archive.ts";
import { foundContent, type Registered } from "./report-page/found-content.ts";
import type { PageContent } from "./report-page/page-content.ts";

/** How many versions are listed. */
const listedVersions = 20;

/** What a bundle holds in addition to the findings. */
export interface Support {
  files: readonly ArchivedFile[];
  /** For the page. */
  content: PageContent;
}

/** What a bundle has before any check has ended. */
export const nothingYet: Support = {
  files: [],
  content: { subject: [], settings: [], definition: { missing: "It is not known." } },
};

/**
 * What support asks for in addition to the findings: settings, definition, what is registered, the last runs. Known secrets
 * are removed when it is packed. The build ConfigMap is left out: its `storage.yaml` may hold access keys.
 */
export async function supportFiles(
  found: Found,
  openCluster: OpenCluster,
  signal: AbortSignal,
  { describe, redactor }: Pick<Shell, "describe" | "redactor">,
): Promise<Support> {
  const { definition, registrations } = found;
  const given = found.given && withoutProxyLogin(found.given);
  const settings = given?.settings;
  const [registered, versions, runs] = await Promise.all([
    readPart(describe, async () => registrations?.current()),
    readPart(describe, async () => registrations?.newest(listedVersions)),
    readPart(describe, async () => settings && (await recorded(settings, openCluster, signal))),
  ]);
  const files = [
    { name: "settings.json", text: json(settings ?? "not available; see check.txt") },
    { name: "task.yaml", text: definition ? taskYaml(definition.spec) : "# It could not be rendered; see check.txt\n" },
    { name: "registered.json", text: json(registrations ? plain(registered) : "not available; see check.txt") },
    { name: "versions.json", text: json(versions ?? "not available; see check.txt") },
    { name: "status.json", text: json(runs ?? "not available; see check.txt") },
  ];
  const known = registrations ? registered : { unavailable: "the control plane could not be asked" };
  return { files, content: foundContent(given, definition, known, redactor.redactAll) };
}

/** The same settings, with the proxy's address alone. */
function withoutProxyLogin(given: GivenSettings): GivenSettings {
  const { controlPlane } = given.settings;
  if (!controlPlane.proxy) return given;
  const proxy = parseProxy(controlPlane.proxy).url.origin;
  return { ...given, settings: { ...given.settings, controlPlane: { ...controlPlane, proxy } } };
}

/** The status ConfigMap, with the last runs. */
async function recorded({ release, cluster }: Settings, openCluster: OpenCluster, signal: AbortSignal) {
  return (await openCluster(release.namespace, signal)).readConfigMap(cluster.statusConfigMap);
}

function plain(registered: Registered) {
  if (registered && "unavailable" in registered) return registered;
  return registered ? toJson(TaskDetailsSchema, registered) : "nothing is registered";
}

/** A part that cannot be read is replaced by the reason: a bundle is made above all when something fails. */
async function readPart<T>(describe: Describe, read: () => Promise<T>): Promise<T | { unavailable: string }> {
  try {
    return await read();
  } catch (error) {
    const { code, what, why } = describe(asRegistrarError(error).finding);
    return { unavailable: code === "internal-error" ? why : `${code}: ${what}${why && `: ${why}`}` };
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
