// Writes what is made from the code: the JSON schemas, the tables of settings and chart values, and the skeleton of docs/errors.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { checkReportSchema } from "../src/report/check-report.ts";
import { reportSchema } from "../src/report/report.ts";
import { type Leaf, leavesOfSettings } from "../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../src/settings/names.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { chartDocuments } from "./chart-documents.ts";
import { errorPage } from "./error-page.ts";

const docs = join(import.meta.dirname, "../docs");
const schemas = join(docs, "schemas");

mkdirSync(schemas, { recursive: true });
writeSchema(
  "settings",
  "Settings of image-builder-registrar (--config)",
  z.toJSONSchema(settingsSchema, { io: "input" }),
);
writeSchema("report", "What image-builder-registrar prints with --output json", z.toJSONSchema(reportSchema));
writeSchema("check", "What registrar check prints with --output json", z.toJSONSchema(checkReportSchema));
writeFileSync(join(docs, "settings.md"), settingsDocument());
const errors = join(docs, "errors.md");
writeFileSync(errors, errorPage(existsSync(errors) ? readFileSync(errors, "utf8") : ""));
for (const { path, text } of chartDocuments()) writeFileSync(path, text);

function writeSchema(name: string, title: string, schema: object): void {
  writeFileSync(join(schemas, `${name}.schema.json`), `${JSON.stringify({ title, ...schema }, null, 2)}\n`);
}

function settingsDocument(): string {
  return `<!-- Made by \`make generate\` from src/settings/; edit there. -->
# Settings

Each setting can be given as a flag, as an environment variable and in the YAML file that \`--config\` names. Flags win over
variables, variables over the file, the file over the default. Lists and mappings are written as YAML in flags and
variables: \`--task-pod-template-node-selector '{kubernetes.io/arch: amd64}'\`. An unknown key, a wrong type or an impossible
value ends the run with exit code 2 before anything is contacted.

Also read: \`APP_VERSION\`, \`CONFIG_MAP_NAME\`, \`LOG_LEVEL\` and \`FLYTE_API_KEY\`, as in the manual procedure, and \`HTTPS_PROXY\`
and \`NO_PROXY\`. A variable \`REGISTRAR_…\` wins over these. The JSON schema is [schemas/settings.schema.json](schemas/settings.schema.json).

| setting | what it is | kind | default | example |
|---|---|---|---|---|
${leavesOfSettings().map(row).join("\n")}

## Names

| setting | flag | variable |
|---|---|---|
${leavesOfSettings()
  .map((leaf) => `| \`${dotted(leaf.path)}\` | \`${flagOf(leaf)}\` | \`${variableOf(leaf)}\` |`)
  .join("\n")}
`;
}

function row({ path, description, kind, fallback, example }: Leaf): string {
  const cells = [`\`${dotted(path)}\``, description, kind.replaceAll("|", " \\| "), code(fallback), code(example)];
  return `| ${cells.join(" | ")} |`;
}

function code(value: unknown): string {
  if (value === undefined || value === "") return "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
