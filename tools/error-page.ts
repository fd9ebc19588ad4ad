// docs/errors.md: what each error says is taken from the code, the text below it is written there by hand and kept.
import type { Entry } from "../src/findings/catalog/code-entry.ts";
import { catalogue } from "../src/findings/registrar-error.ts";

const opening = `# Errors

Every finding of this program has a code. A code never changes its meaning, and no code is used for two things. Each heading
below is a code; the table under it is made from the code by \`make generate\`, where \`<…>\` stands for what a run fills in.
The text below the table is written by hand. \`registrar check\` finds most of these before a registration does.

Users of the SDK see few words, and the same for many causes. What they may mean:

| SDK users see | codes |
|---|---|
| remote image builder is not enabled. Please contact Union support to enable it. | [registration-missing](#registration-missing), [registration-elsewhere](#registration-elsewhere), and for their own log-in and network all of \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| Image … was not found or has expired | the look-up of the image failed: \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| a build that stays in ContainerCreating or CreateContainerConfigError | [build-config-missing](#build-config-missing), [build-config-not-copied](#build-config-not-copied), [build-config-key-missing](#build-config-key-missing) |
| a build that fails to connect to buildkit | \`buildkit-…\`, [build-config-quoted](#build-config-quoted) |
| a push that ends with 401, 403 or an unknown repository | [authentication-type-contradicts](#authentication-type-contradicts), [repository-empty](#repository-empty), [build-config-unformatted](#build-config-unformatted) |
| builds that use an old image | [registration-outdated](#registration-outdated), [registration-differs](#registration-differs) |
`;

/** Placeholders for whatever an entry puts into its sentences. */
const placeholders = new Proxy(
  { problems: ["<problem>"] },
  { get: (known, name) => Reflect.get(known, name) ?? `<${String(name)}>` },
);

/**
 * The page anew.
 * @param before the page as it is, whose written text is kept
 */
export function errorPage(before: string): string {
  const written = writtenTexts(before);
  const sections = Object.entries(catalogue).map(
    ([code, entry]) => `## ${code}\n\n${table(entry as unknown as Entry<object>)}\n\n${written.get(code) ?? ""}`,
  );
  return [opening, ...sections].join("\n").trimEnd().concat("\n");
}

/** The hand-written text under each code. */
export function writtenTexts(page: string): Map<string, string> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [code = "", ...lines] = section.split("\n");
      const text = lines.filter((line) => !line.startsWith("|"));
      return [code, text.join("\n").trim().concat("\n")];
    }),
  );
}

function table({ what, fix, next, exit, transient }: Entry<object>): string {
  const ends = `${exit}${transient ? "; retried first, as it may pass" : ""}`;
  const rows = [
    ["says", what(placeholders)],
    ["fix", fix(placeholders)],
    ["next", `\`${next(placeholders)}\``],
    ["exit code", ends],
  ];
  const escaped = rows.map(([name = "", text = ""]) => `| ${name} | ${cell(text)} |`);
  return ["| | |", "|---|---|", ...escaped].join("\n");
}

/** Text for a cell: a pipe would end it, and a tag outside of code would vanish. */
function cell(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return plain.startsWith("`") ? plain : plain.replaceAll("<", "&lt;");
}
