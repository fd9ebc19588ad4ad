import type { Settings } from "../settings/schema.ts";
import type { PodTemplate } from "../settings/task-schema.ts";

/** What templates get, a user's own (`task.templateFile`) too. */
export interface DefinitionContext {
  appVersion: string;
  images: { buildImage: string; frontend: string };
  imageNamePrefix: string;
  configMapName: string;
  logLevel: number;
  loggerLevelArgument: string;
  /** Empty parts are null, for `{{#if …}}`. */
  podTemplate: { readonly [Part in keyof PodTemplate]: PodTemplate[Part] | null };
}

/** The settings that `define` reads. */
export type DefinitionSettings = Pick<Settings, "task" | "release"> & { appVersion: string };

/** The context of a template. */
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
  return Object.keys(part).length === 0 ? null : (sortKeys(part) as T);
}

/** Sorts the keys of every mapping, and removes nulls: to Kubernetes they are "not set". */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  const entries = given.map(([key, inner]): [string, unknown] => [key, sortKeys(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
