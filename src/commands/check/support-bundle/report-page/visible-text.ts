/** What changes a text around it or cannot be seen: controls, direction overrides, unpaired surrogates, private characters, blanks. */
const invisible = /[^\P{C}\n\t]|[\u2028\u2029\u2800\p{Default_Ignorable_Code_Point}]/gu;

/** A text in which every character shows: one that would not is written as its escape, `\u202e`. Line ends and tabs stay. */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(invisible, escaped);
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** The beginning of a text, and how much more there is: a stranger's value may be as long as a book. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)} … (${text.length - longest} more characters)`;
}
