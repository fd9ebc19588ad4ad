/**
 * The page with another text between its two markers, `<!-- name -->` and `<!-- /name -->`.
 * @throws {Error} if a marker is missing
 */
export function withTextBetween(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page lacks ${begin} or ${end}`);
  return `${page.slice(0, before)}${begin}\n${text}\n${page.slice(after)}`;
}
