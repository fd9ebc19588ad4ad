import { toJson } from "@bufbuild/protobuf";
import { type TaskDetails, TaskDetailsSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { Found } from "../../../checks/list.ts";
import type { OpenCluster } from "../../../cluster/cluster.ts";
import { taskYaml } from "../../../definition/definition.ts";
import { asRegistrarError } from "../../../findings/registrar-error.ts";
import type { Settings } from "../../../settings/schema.ts";
import type { ArchivedFile } from "./archive.ts";

/** How many versions are listed. */
const listed = 20;

/**
 * What a person who helps wants to see, beside the findings: settings, definition, what is registered, the last runs.
 * Whoever packs it takes the secrets out that the run knows of. The build ConfigMap is left out: its `storage.yaml` may
 * hold access keys.
 */
export async function supportFiles(
  found: Found,
  openCluster: OpenCluster,
  signal: AbortSignal,
): Promise<ArchivedFile[]> {
  const { settings, definition, registrations } = found;
  const [registered, versions, runs] = await Promise.all([
    orWhyNot(async () => registrations && plain(await registrations.current())),
    orWhyNot(async () => registrations?.newest(listed)),
    orWhyNot(async () => settings && (await recorded(settings, openCluster, signal))),
  ]);
  const proxy = settings?.controlPlane.proxy;
  const shown = settings && {
    ...settings,
    controlPlane: { ...settings.controlPlane, ...(proxy !== undefined && { proxy: new URL(proxy).origin }) },
  };
  return [
    { name: "settings.json", text: json(shown ?? "the settings cannot be used: see check.txt") },
    { name: "task.yaml", text: definition ? taskYaml(definition.spec) : "# It could not be rendered: see check.txt\n" },
    { name: "registered.json", text: json(registered ?? "nothing is known of it: see check.txt") },
    { name: "versions.json", text: json(versions ?? "nothing is known of them: see check.txt") },
    { name: "status.json", text: json(runs ?? "nothing is known of the last runs: see check.txt") },
  ];
}

/** What the runs before this one have left in the cluster. */
async function recorded({ release, cluster }: Settings, openCluster: OpenCluster, signal: AbortSignal) {
  return (await openCluster(release.namespace, signal)).readConfigMap(cluster.statusConfigMap);
}

function plain(details: TaskDetails | undefined) {
  return details ? toJson(TaskDetailsSchema, details) : "nothing is registered";
}

/** What could not be had is told in its place: a bundle is made most of all where something fails. */
async function orWhyNot<T>(work: () => Promise<T>): Promise<T | { unavailable: string }> {
  try {
    return await work();
  } catch (error) {
    const { code, what, why } = asRegistrarError(error).finding;
    return { unavailable: code === "internal-error" ? why : `${code}: ${what}${why && `: ${why}`}` };
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
