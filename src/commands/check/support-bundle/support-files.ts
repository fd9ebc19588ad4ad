import { toJson } from "@bufbuild/protobuf";
import { type TaskDetails, TaskDetailsSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Found } from "../../../checks/list.ts";
import type { OpenCluster } from "../../../cluster/cluster.ts";
import { taskYaml } from "../../../definition/definition.ts";
import { asRegistrarError } from "../../../findings/registrar-error.ts";
import { parseProxy } from "../../../network/route.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { Describe } from "../../shell/audience.ts";
import type { ArchivedFile } from "./archive.ts";

/** How many versions are listed. */
const listedVersions = 20;

/**
 * What support asks for in addition to the findings: settings, definition, what is registered, the last runs. Known secrets
 * are removed when it is packed. The build ConfigMap is left out: its `storage.yaml` may hold access keys.
 */
export async function supportFiles(
  found: Found,
  openCluster: OpenCluster,
  signal: AbortSignal,
  describe: Describe,
): Promise<ArchivedFile[]> {
  const { settings, definition, registrations } = found;
  const [registered, versions, runs] = await Promise.all([
    readPart(describe, async () => registrations && plain(await registrations.current())),
    readPart(describe, async () => registrations?.newest(listedVersions)),
    readPart(describe, async () => settings && (await recorded(settings, openCluster, signal))),
  ]);
  const proxy = settings?.controlPlane.proxy;
  const shown = settings && {
    ...settings,
    controlPlane: { ...settings.controlPlane, ...(proxy && { proxy: parseProxy(proxy).url.origin }) },
  };
  return [
    { name: "settings.json", text: json(shown ?? "not available; see check.txt") },
    { name: "task.yaml", text: definition ? taskYaml(definition.spec) : "# It could not be rendered; see check.txt\n" },
    { name: "registered.json", text: json(registered ?? "not available; see check.txt") },
    { name: "versions.json", text: json(versions ?? "not available; see check.txt") },
    { name: "status.json", text: json(runs ?? "not available; see check.txt") },
  ];
}

/** The status ConfigMap, with the last runs. */
async function recorded({ release, cluster }: Settings, openCluster: OpenCluster, signal: AbortSignal) {
  return (await openCluster(release.namespace, signal)).readConfigMap(cluster.statusConfigMap);
}

function plain(details: TaskDetails | undefined) {
  return details ? toJson(TaskDetailsSchema, details) : "nothing is registered";
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
