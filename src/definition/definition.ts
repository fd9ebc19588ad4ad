import type { Settings } from "../settings/schema.ts";
import type { PodTemplate } from "../settings/task-schema.ts";
import { prepareTemplate } from "./render.ts";
import { fingerprintOf, type Signature, signatureAnnotations } from "./signature.ts";

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
  /** Annotations of the pod template: the user's and the signature. */
  annotations: Record<string, string> | null;
}

/** A rendered `build_image_task.py` with the settings that gave it, signed. */
export interface Definition {
  context: DefinitionContext;
  signature: Signature;
  source: string;
  /** Whether it came from the program's own template, whose stored spec is known field by field. */
  ownTemplate: boolean;
}

/** A template's text and where it came from. */
export interface Template {
  file: string;
  text: string;
  own: boolean;
}

/** What `define` reads of the settings. */
export type DefinitionSettings = Pick<Settings, "task" | "release"> & { appVersion: string };

/**
 * Renders and signs the definition that these settings give.
 * @throws {RegistrarError} template-unusable
 */
export function define(settings: DefinitionSettings, template: Template): Definition {
  const render = prepareTemplate(template);
  const unsigned = contextOf(settings);
  const signature: Signature = {
    fingerprint: fingerprintOf(settings.appVersion, render(unsigned)),
    registeredBy: releaseId(settings.release),
    appVersion: settings.appVersion,
  };
  const context = { ...unsigned, annotations: { ...unsigned.annotations, ...signatureAnnotations(signature) } };
  const source = render(context, signature);
  return { context, signature, source, ownTemplate: template.own };
}

/** `prod-us/union/dataplane`: the name under which a release signs. */
export function releaseId(release: Settings["release"]): string {
  return [release.cluster, release.namespace, release.name].filter((part) => part !== "").join("/");
}

function contextOf({ task, appVersion }: DefinitionSettings): DefinitionContext {
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
    annotations: orNull(task.podTemplate.annotations),
  };
}

function orNull<T extends object>(part: T): T | null {
  return Object.keys(part).length === 0 ? null : (inOrder(part) as T);
}

/** With every mapping's keys in one order: how a settings file is written makes no other definition. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, inOrder(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
