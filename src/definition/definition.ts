import type { Settings } from "../settings/schema.ts";
import { contextOf, type DefinitionContext, type DefinitionSettings } from "./context.ts";
import { prepareTemplate, type Template } from "./render.ts";
import { fingerprintOf, type Signature, signatureAnnotations } from "./signature.ts";

/** A rendered `build_image_task.py` with the settings that gave it, signed. */
export interface Definition {
  context: DefinitionContext;
  signature: Signature;
  source: string;
  /** Whether it came from the program's own template, whose stored spec is known field by field. */
  ownTemplate: boolean;
}

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
