import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Values } from "./helm.ts";

/** The folder of the examples. */
export const examples = join(import.meta.dirname, "../../examples");

/** Values for a Helm release next to a data plane. */
export const valuesFiles = ["aws", "gcp", "azure", "air-gap", "openshift"].map((name) => `values.${name}.yaml`);

/** Values for the Helm release of a data plane chart that does not embed this one. */
export const extraObjectsFile = "values.extra-objects.yaml";

/** Where other tools keep the chart's values. */
const nested: Record<string, readonly string[]> = {
  "argo-cd.yaml": ["spec", "source", "helm", "valuesObject"],
  "flux.yaml": ["spec", "values"],
};

/** The values in files of other tools. */
export const nestedValues: readonly { name: string; values: Values }[] = Object.entries(nested).map(([name, path]) => ({
  name,
  values: path.reduce<Values>((value, key) => value[key] as Values, lastDocument(name)),
}));

function lastDocument(name: string): Values {
  return parseAllDocuments(readFileSync(join(examples, name), "utf8"))
    .at(-1)
    ?.toJS();
}
