import type { Definition } from "./definition.ts";
import { ownershipAnnotations } from "./ownership.ts";
import { pythonLiteral } from "./python-literal.ts";
import { renderTemplate, type Template } from "./template.ts";

/**
 * The definition as `build_image_task.py`, for the flyte CLI. What the CLI stores equals the definition in every field that is
 * compared.
 * @throws {RegistrarError} template-unusable
 */
export function renderPython(
  template: Template,
  { context, ownership }: Pick<Definition, "context" | "ownership">,
): string {
  const annotations = { ...context.podTemplate.annotations, ...ownershipAnnotations(ownership) };
  return renderTemplate(template, { ...context, annotations }, { name: "python", write: pythonLiteral });
}
