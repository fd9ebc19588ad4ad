// docs/errors.md: what each error says is taken from the code, the text below it is written there by hand and kept.
import type { Entry } from "../src/errors/entry.ts";
import { catalogue } from "../src/errors/registrar-error.ts";

const opening = `# Errors

Every finding of this program has a code. A code never changes its meaning, and no code is used for two things. Each heading
below is a code; the table under it is made from the code by \`make generate\`, where \`<…>\` stands for what a run fills in.
The text below the table is written by hand. \`registrar check\` finds most of these before a registration does.
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
