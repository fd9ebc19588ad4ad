// Writes what is made from the code: the JSON schemas, the tables of settings and chart values, and the skeleton of docs/errors.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { checkReportSchema } from "../src/report/check-report.ts";
import { runReportSchema } from "../src/report/run-report.ts";
import { copiedKeys } from "../src/settings/flyte-config.ts";
import { type Leaf, leavesOfSettings } from "../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../src/settings/names.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { chartDocuments } from "./chart-documents.ts";
import { errorPage } from "./error-page.ts";

const docs = join(import.meta.dirname, "../docs");
const schemas = join(docs, "schemas");

/** What becomes of the keys that say how to log in; which of them count is for src/settings/flyte-config.ts. */
const logInKeys = [
  ["`admin.clientId`", "`controlPlane.auth.clientId`, with a client secret"],
  ["`admin.clientSecretLocation`", "`controlPlane.auth.clientSecretFile`"],
  ["`admin.clientSecretEnvVar`", "`controlPlane.auth.clientSecretVariable`"],
  [
    "`admin.authType`",
    "`controlPlane.auth.type`: `ClientSecret` is `clientSecret`, `ExternalCommand` is `externalCommand`, all else `none`",
  ],
  ["`admin.command`", "`controlPlane.auth.command`, also from a JSON array or a line as a shell reads it"],
];

mkdirSync(schemas, { recursive: true });
writeSchema(
  "settings",
  "Settings of image-builder-registrar (--config)",
  z.toJSONSchema(settingsSchema, { io: "input" }),
);
writeSchema("report", "What image-builder-registrar prints with --output json", z.toJSONSchema(runReportSchema));
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
variables, variables over the file, the file over [a flyte configuration](#a-flyte-configuration), and that over the default.
Lists and mappings are written as YAML in flags and variables:
\`--task-pod-template-node-selector '{kubernetes.io/arch: amd64}'\`. An unknown key, a wrong type or an impossible value ends the
run with exit code 2 before anything is contacted.

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

## A flyte configuration

A person's workstation has one: the file that the flyte SDK and CLI read, and that \`flyte create config\` writes. Every command
takes it by \`--flyte-config ~/.flyte/config.yaml\`, below all other sources. Keys that are not listed here mean nothing to this
program; \`task.project\` and \`task.domain\` are where its owner's own tasks go, and build-image has its own place.

| key there | setting here |
|---|---|
${[...Object.entries(copiedKeys).map(([key, setting]) => [`\`${key}\``, `\`${setting}\``]), ...logInKeys]
  .map((cells) => `| ${cells.join(" | ")} |`)
  .join("\n")}

As for the SDK, an empty value is none; a relative path is one from the working directory, and \`~\` in a path stands for itself;
a client secret that is given wins over \`authType\`, and a variable that holds one over a file; \`admin.caCertFilePath\` wins over
\`admin.insecureSkipVerify\`. \`Pkce\`, which is what no \`authType\` means, and \`DeviceFlow\` log in by browser, which a program
cannot: \`controlPlane.auth.type\` stays \`none\` then, and an API key in \`FLYTE_API_KEY\` is the simplest log-in. Its
endpoint and organisation then win over those of the file.
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
