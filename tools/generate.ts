// Writes what is generated from the code: the version wherever it is named, the JSON schemas, the tables of settings, chart
// values, deadlines and a build's requests, and the skeleton of docs/errors.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { imageListReportSchema } from "../src/images/image-list-report.ts";
import { checkReportSchema } from "../src/report/check-report.ts";
import { logLineSchema } from "../src/report/log/log-line.ts";
import { mirrorReportSchema } from "../src/report/mirror-report.ts";
import { runReportSchema } from "../src/report/run-report.ts";
import { commonVariables } from "../src/settings/common-variables.ts";
import { copiedKeys } from "../src/settings/flyte-config.ts";
import { type Leaf, leavesOfSettings } from "../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../src/settings/names.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { chartDocuments } from "./chart-documents.ts";
import { withDeadlineTable } from "./deadline-table.ts";
import { errorPage } from "./error-page.ts";
import { withVersion } from "./publishing/version-mentions.ts";
import { withRequestTable } from "./request-table.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
const schemas = join(docs, "schemas");

/** The settings that the login keys become; src/settings/flyte-config.ts decides which of them count. */
const loginKeys = [
  ["`admin.clientId`", "`controlPlane.auth.clientId`, with a client secret"],
  ["`admin.clientSecretLocation`", "`controlPlane.auth.clientSecretFile`"],
  ["`admin.clientSecretEnvVar`", "`controlPlane.auth.clientSecretVariable`"],
  [
    "`admin.authType`",
    "`controlPlane.auth.type`: `ClientSecret` is `clientSecret`, `ExternalCommand` is `externalCommand`, others are `none`",
  ],
  ["`admin.command`", "`controlPlane.auth.command`; a JSON array or a shell command line works too"],
  ["`admin.scopes`", "`controlPlane.auth.scopes`; a JSON array or words with commas or spaces between them work too"],
];

for (const [path, text] of withVersion(root)) writeFileSync(join(root, path), text);
mkdirSync(schemas, { recursive: true });
writeSchema(
  "settings",
  "Settings of image-builder-registrar (--config)",
  z.toJSONSchema(settingsSchema, { io: "input" }),
);
writeSchema("report", "What image-builder-registrar prints with --output json", z.toJSONSchema(runReportSchema));
writeSchema(
  "log",
  "One line that image-builder-registrar prints with --log-format json",
  z.toJSONSchema(logLineSchema),
);
writeSchema("check", "What registrar check prints with --output json", z.toJSONSchema(checkReportSchema));
writeSchema("images", "What registrar images prints with --format json", z.toJSONSchema(imageListReportSchema));
writeSchema("mirror", "What registrar images mirror prints with --output json", z.toJSONSchema(mirrorReportSchema));
writeFileSync(join(docs, "settings.md"), settingsDocument());
const errors = join(docs, "errors.md");
writeFileSync(errors, errorPage(existsSync(errors) ? readFileSync(errors, "utf8") : ""));
const architecture = join(docs, "architecture.md");
writeFileSync(architecture, withRequestTable(withDeadlineTable(readFileSync(architecture, "utf8"))));
for (const { path, text } of chartDocuments()) writeFileSync(path, text);

function writeSchema(name: string, title: string, schema: object): void {
  writeFileSync(join(schemas, `${name}.schema.json`), `${JSON.stringify({ title, ...schema }, null, 2)}\n`);
}

function settingsDocument(): string {
  return `<!-- Made by \`make generate\` from src/settings/; edit there. -->
# Settings

Each setting can be given as a flag, as an environment variable \`REGISTRAR_…\` and in the YAML file of \`--config\`. Flags override
variables, variables override the file, which overrides [a flyte configuration](#a-flyte-configuration), which overrides the
[common variables](#common-variables), which override the default. In flags and variables, lists and mappings are YAML:
\`--task-pod-template-node-selector '{kubernetes.io/arch: amd64}'\`. An empty variable and a key whose value is null count as not given.

An unknown key, a wrong type or an impossible value ends the run with exit code 2 before anything is contacted; the message names the
flag, the variable, or the file and the line. With \`policy.failure: warn\`, \`registrar register\` reports it and ends with 0. That holds
too if another setting of the file is wrong; if the file cannot be read at all, only \`--policy-failure\` or
\`REGISTRAR_POLICY_FAILURE\` can say so. The JSON schema is [schemas/settings.schema.json](schemas/settings.schema.json).

| setting | what it is | kind | default | example |
|---|---|---|---|---|
${leavesOfSettings().map(row).join("\n")}

## Names

| setting | flag | variable |
|---|---|---|
${leavesOfSettings()
  .map((leaf) => `| \`${dotted(leaf.path)}\` | \`${flagOf(leaf)}\` | \`${variableOf(leaf)}\` |`)
  .join("\n")}

## Common variables

Variables with names that other programs use too. Each counts only if no other source has its setting; one that cannot be used is
ignored with a warning ([variable-ignored](errors.md#variable-ignored)).

| variable | setting |
|---|---|
${commonVariables.map(({ variables, path }) => `| ${variables.map((name) => `\`${name}\``).join(", ")} | \`${dotted(path)}\` |`).join("\n")}

\`APP_VERSION\` does not count if \`appVersionFrom\` is set. \`FLYTE_API_KEY\` sets \`controlPlane.auth.type\` to \`apiKey\`, unless a flag, a
variable \`REGISTRAR_…\` or the file sets it; as in the flyte CLI, it overrides the login of a flyte configuration.

## A flyte configuration

The flyte SDK and CLI read this file, and \`flyte create config\` writes it. Every command reads it with
\`--flyte-config ~/.flyte/config.yaml\`, below flags, variables \`REGISTRAR_…\` and the file of \`--config\`. Only these keys are used;
\`task.project\` and \`task.domain\` are ignored, because they are for the user's own tasks.

| key there | setting here |
|---|---|
${[...Object.entries(copiedKeys).map(([key, setting]) => [`\`${key}\``, `\`${setting}\``]), ...loginKeys]
  .map((cells) => `| ${cells.join(" | ")} |`)
  .join("\n")}

As in the SDK, an empty value counts as unset; a relative path is relative to the working directory, and \`~\` in a path is not
expanded; a client secret overrides \`authType\`, and a variable that contains one overrides a file; \`admin.caCertFilePath\` overrides
\`admin.insecureSkipVerify\`. \`Pkce\` (the default) and \`DeviceFlow\` are interactive (browser) logins, which this program cannot use:
\`controlPlane.auth.type\` is then \`none\`, and the simplest credential is an API key in \`FLYTE_API_KEY\`. Its endpoint and
organisation override those of the file.
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
