/** The changes of one version. */
export interface Changes {
  readonly version: string;
  /** Markdown: what follows the version's heading. */
  readonly text: string;
  /** Each change, on one line of Markdown, without the heading of its group. */
  readonly entries: readonly string[];
}

/**
 * The newest version in a changelog, which is its first section.
 * @throws {Error} if there is no section or no change in it
 */
export function newestChanges(changelog: string): Changes {
  const [, version, text] = /^## (\S+)\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
  const entries = (text ?? "")
    .split(/^(?=- |### )/m)
    .filter((part) => part.startsWith("- "))
    .map((part) => onOneLine(part.slice(2)));
  if (version === undefined || text === undefined || entries.length === 0)
    throw new Error("CHANGELOG.md does not begin with a section of a version and its changes");
  return { version, text: `${text.trim()}\n`, entries };
}

function onOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
