import type { Settings } from "../settings/schema.ts";
import type { PodTemplate } from "../settings/task-schema.ts";

/** What the template is given. A user's own template (`task.templateFile`) is given the same. */
export interface DefinitionContext {
  appVersion: string;
  images: { buildImage: string; frontend: string };
  imageNamePrefix: string;
  configMapName: string;
  logLevel: number;
  loggerLevelArgument: string;
  /** Empty parts are null, so that a template can ask `{{#if …}}`. */
  podTemplate: { readonly [Part in keyof PodTemplate]: PodTemplate[Part] | null };
}

/** What `define` reads of the settings. */
export type DefinitionSettings = Pick<Settings, "task" | "release"> & { appVersion: string };

/** What the settings give to a template. */
export function contextOf({ task, appVersion }: DefinitionSettings): DefinitionContext {
  return {
    appVersion,
    images: {
      buildImage: task.images.buildImage ?? `${task.imageNamePrefix}/build-image:${appVersion}`,
      frontend: task.images.frontend ?? `${task.imageNamePrefix}/frontend-v2:${appVersion}`,
    },
    imageNamePrefix: task.imageNamePrefix,
    configMapName: task.configMapName,
    logLevel: task.logLevel,
    loggerLevelArgument: `--logger.level=${task.logLevel}`,
    podTemplate: {
      labels: orNull(task.podTemplate.labels),
      annotations: orNull(task.podTemplate.annotations),
      nodeSelector: orNull(task.podTemplate.nodeSelector),
      tolerations: orNull(task.podTemplate.tolerations),
      resources: orNull(task.podTemplate.resources),
      serviceAccountName: task.podTemplate.serviceAccountName ?? null,
      imagePullSecrets: orNull(task.podTemplate.imagePullSecrets),
      env: orNull(task.podTemplate.env),
    },
  };
}

function orNull<T extends object>(part: T): T | null {
  return Object.keys(part).length === 0 ? null : (inOrder(part) as T);
}

/** With every mapping's keys in one order, and what is null left out: it is "not given" to Kubernetes. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  const entries = given.map(([key, inner]): [string, unknown] => [key, inOrder(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
