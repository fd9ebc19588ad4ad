const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^ \t\r\n'"\\]+)|[ \t\r\n]+/gsy;

/** Splits a command line like a shell, with quotes and backslashes; nothing if a quote is not closed. */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  let isInWord = false;
  let end = 0;
  for (const match of line.matchAll(piece)) {
    const [whole, single, double, escaped, plain] = match;
    const said = single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain;
    if (said !== undefined) words.push(`${isInWord ? words.pop() : ""}${said}`);
    isInWord = said !== undefined;
    end += whole.length;
  }
  return end === line.length ? words : undefined;
}
