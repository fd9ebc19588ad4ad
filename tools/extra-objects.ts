// The chart as a values file for a data plane chart that does not embed it: its templates as one entry of extraObjects.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

const header = `# Made by \`make generate\` from chart/; edit there.
#
# For a data plane chart that does not embed this one: another values file of the data plane's Helm release. The data plane chart
# renders extraObjects as templates of its own, so the registrar finds its appVersion and inherits its values. The registrar's
# own values (chart/README.md) are set under imageBuilderRegistrar in any values file; at least:
#
#   imageBuilderRegistrar:
#     image:
#       registry: registry.example.com/union
#
# Helm does not merge lists: if a values file has extraObjects already, append the entry below to them.
`;

/**
 * The values file.
 * @param chart folder of the chart
 * @returns YAML; its entry of extraObjects has the default values and every named template of the chart, and renders all manifests
 */
export function extraObjectsFile(chart: string): string {
  const { standalone: _, ...values } = parse(readFileSync(join(chart, "values.yaml"), "utf8"));
  const defaults = `{{- define "image-builder-registrar.defaults" -}}\n${stringify(values)}{{- end -}}\n`;
  const templates = join(chart, "templates");
  const named = readdirSync(templates)
    .filter((file) => file !== "NOTES.txt")
    .sort()
    .map((file) => namedTemplates(readFileSync(join(templates, file), "utf8")));
  const rendering = readFileSync(join(import.meta.dirname, "extra-objects.tpl"), "utf8");
  return `${header}extraObjects:\n  - |\n${indented([defaults, ...named, rendering].join("\n"))}\n`;
}

/** A file's named templates, without the last line of an object's file, which renders it if the chart is installed alone. */
function namedTemplates(text: string): string {
  return text.replace(/^\{\{- include "image-builder-registrar\.standalone" .*\}\}\n/m, "");
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ").trimEnd();
}
