import { clone, create, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { stringify } from "yaml";
import { IdentifierSchema, ResourceType } from "#flyteidl2/core/identifier_pb.js";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { problem } from "../findings/registrar-error.ts";
import type { Settings } from "../settings/schema.ts";
import { cacheKey } from "./cache-key.ts";
import { contextOf, type DefinitionContext, type DefinitionSettings } from "./context.ts";
import { type Ownership, ownershipAnnotations } from "./ownership.ts";
import { describeIssue, renderedSpecSchema } from "./spec-schema.ts";
import type { Template } from "./template.ts";
import { renderYaml } from "./yaml-template.ts";

/** The task to register, from a template and the settings. */
export interface Definition {
  context: DefinitionContext;
  ownership: Ownership;
  /** Complete except for its id, which contains the version. */
  spec: TaskSpec;
}

/** Identifies one version of the task. */
export interface TaskId {
  org: string;
  project: string;
  domain: string;
  name: string;
  version: string;
}

/**
 * Renders the definition of these settings, and completes it with the cache key and the owner.
 * @throws {RegistrarError} template-unusable
 */
export function define(settings: DefinitionSettings, template: Template): Definition {
  const context = contextOf(settings);
  const ownership = { owner: ownerId(settings.release), appVersion: settings.appVersion };
  try {
    return { context, ownership, spec: complete(renderYaml(template, context) as JsonValue, ownership) };
  } catch (error) {
    throw problem("template-unusable", { file: template.file }, causeOf(error));
  }
}

/** The definition's spec as it is stored under this id. */
export function specOf({ spec }: Pick<Definition, "spec">, id: TaskId): TaskSpec {
  const stored = clone(TaskSpecSchema, spec);
  if (stored.taskTemplate) {
    stored.taskTemplate.id = create(IdentifierSchema, { resourceType: ResourceType.TASK, ...id });
  }
  return stored;
}

/** A spec as YAML, with the field names of its JSON form. */
export function taskYaml(spec: TaskSpec): string {
  return stringify(toJson(TaskSpecSchema, spec), { lineWidth: 0 });
}

/** `prod-us/union/dataplane`: the Helm release on whose behalf this run registers. */
export function ownerId(release: Settings["release"]): string {
  return [release.cluster, release.namespace, release.name].filter((part) => part !== "").join("/");
}

function complete(rendered: JsonValue, ownership: Ownership): TaskSpec {
  const { data, error } = renderedSpecSchema.safeParse(rendered);
  if (error) {
    throw new Error(error.issues.map(describeIssue).join("; "));
  }
  const { taskTemplate } = data;
  const { metadata, k8sPod } = taskTemplate;
  const primary = taskTemplate.config.primary_container_name;
  const container = k8sPod.podSpec.containers.find(({ name }) => name === primary);
  if (container?.image === undefined) {
    throw new Error(`taskTemplate.k8sPod.podSpec.containers: no container is named ${primary} and has an image`);
  }
  const command = [...(container.command ?? []), ...(container.args ?? [])];
  const annotations = { ...k8sPod.metadata?.annotations, ...ownershipAnnotations(ownership) };
  const whole = {
    ...data,
    taskTemplate: {
      ...taskTemplate,
      metadata: { ...metadata, discoveryVersion: metadata.discoveryVersion ?? cacheKey(container.image, command) },
      k8sPod: { ...k8sPod, metadata: { ...k8sPod.metadata, annotations } },
    },
  };
  return fromJson(TaskSpecSchema, whole as unknown as JsonValue);
}

/** An error of the template has this code already; its cause is the reason. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
