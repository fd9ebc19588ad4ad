// docs/errors.md: the table under each code is generated from the catalog; the text below it is written there and kept.
import { catalog } from "../src/findings/catalog/catalog.ts";
import type { CodeEntry } from "../src/findings/catalog/code-entry.ts";
import { anyone, type Reader, readerOf } from "../src/findings/reader.ts";
import { anyArguments, anyChart } from "../testing/findings/any-arguments.ts";

const opening = `# Errors

Every finding has a code. A code never changes its meaning and is never reused. Each heading below is a code; the table under it
is generated from the code by \`make generate\`, where \`<…>\` stands for what a run fills in. In a pod of the chart, fix and next
name the chart's values and objects. \`registrar check\` finds most of these before a registration does.

SDK users see the same few messages for many causes:

| SDK users see | codes |
|---|---|
| remote image builder is not enabled. Please contact Union support to enable it. | [registration-missing](#registration-missing), [registration-elsewhere](#registration-elsewhere); for their own login and network, all of \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| Image … was not found or has expired | the lookup of the image failed: \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| a build that stays in ContainerCreating or CreateContainerConfigError | [build-config-missing](#build-config-missing), [build-config-not-copied](#build-config-not-copied), [build-namespace-unprovisioned](#build-namespace-unprovisioned), [build-config-key-missing](#build-config-key-missing) |
| a build that fails to connect to buildkit | \`buildkit-…\`, [build-config-quoted](#build-config-quoted) |
| a push that ends with 401, 403 or an unknown repository | [authentication-type-contradicts](#authentication-type-contradicts), [repository-empty](#repository-empty), [repository-malformed](#repository-malformed), [build-config-unformatted](#build-config-unformatted) |
| builds that use an old image | [registration-outdated](#registration-outdated), [registration-differs](#registration-differs) |
`;

const workstation = readerOf({ ...anyone, settingsFlags: ["--config", "registrar.yaml"] });
const pod = readerOf({ ...anyone, chart: anyChart });

/**
 * The page anew.
 * @param before the page as it is, whose written text is kept
 */
export function errorPage(before: string): string {
  const written = writtenTexts(before);
  const sections = Object.entries(catalog).map(
    ([code, entry]) => `## ${code}\n\n${table(entry as unknown as CodeEntry<object>)}\n\n${written.get(code) ?? ""}`,
  );
  return [opening, ...sections].join("\n").trimEnd().concat("\n");
}

/** The written text under each code. */
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

function table({ exit, transient, ...texts }: CodeEntry<object>): string {
  const say = (name: "what" | "fix" | "next", reader: Reader) => texts[name](anyArguments, reader);
  const inPod = (name: "fix" | "next") => (say(name, pod) === say(name, workstation) ? undefined : say(name, pod));
  const rows = [
    ["says", say("what", workstation)],
    ["fix", say("fix", workstation)],
    ["fix, in a pod", inPod("fix")],
    ["next", code(say("next", workstation))],
    ["next, in a pod", code(inPod("next"))],
    ["exit code", `${exit}${transient ? "; retried first" : ""}`],
  ];
  const shown = rows.filter(([, text]) => text !== undefined);
  return ["| | |", "|---|---|", ...shown.map(([name, text = ""]) => `| ${name} | ${cell(text)} |`)].join("\n");
}

function code(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `\`${text}\``;
}

/** Text for a cell: a pipe would end it, and a tag outside of code would vanish. */
function cell(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return plain.startsWith("`") ? plain : plain.replaceAll("<", "&lt;");
}
