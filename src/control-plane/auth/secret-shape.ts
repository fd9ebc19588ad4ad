/**
 * What a client secret looks like that no identity provider gives out, in words for a person; nothing where it looks like
 * one. No part of the secret is told. White space around it is gone by then: it is dropped when the file is read.
 */
export function oddShapeOf(secret: string, clientId: string): string | undefined {
  if (secret === clientId) return "the client id stands in its place";
  if (secret.startsWith("-----BEGIN")) return "it is a PEM file and no client secret";
  if (/^(["']).*\1$/s.test(secret)) return "it stands in quotation marks, which were sent too";
  if (/\s/.test(secret)) return "it has white space in it: more than the secret is in the file";
  const decoded = decodedBase64(secret);
  if (decoded?.split(":").length === 4) return "it is an API key: set controlPlane.auth.type to apiKey";
  if (decoded !== undefined) return "it is base64 of a text: the value of the Secret was perhaps encoded twice";
  return undefined;
}

/** What base64 of printable text stands for; a random secret hardly ever decodes to one. */
function decodedBase64(text: string): string | undefined {
  if (text.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, "")) return undefined;
  return /^[\x20-\x7e]+\s*$/.test(bytes.toString("latin1")) ? bytes.toString("latin1") : undefined;
}
