/** Characters in a line; tools that decode base64 take lines of this length (RFC 2045). */
const lineLength = 76;

/** Begins each line: a container's log keeps lines whole, but puts those of standard output between them. */
const prefix = "support.tgz ";

/** Bytes as lines of text that can be found in a log and decoded: `sed -n 's/^support.tgz //p' | base64 -d`. */
export function armored(content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString("base64")
      .match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return lines.map((line) => `${prefix}${line}`).join("\n");
}
