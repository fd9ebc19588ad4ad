/** Characters in a line; tools that decode base64 take lines of this length (RFC 2045). */
const lineLength = 76;

/**
 * Bytes as lines of text that can be found in a log and decoded:
 * `sed '1,/BEGIN SUPPORT/d;/END SUPPORT/,$d' | base64 -d`.
 */
export function armored(content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString("base64")
      .match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return ["-----BEGIN SUPPORT BUNDLE-----", ...lines, "-----END SUPPORT BUNDLE-----"].join("\n");
}
