/**
 * Says why a text is unlikely to be a client secret; nothing if it may be one. The words contain no part of the secret.
 * Whitespace around it is trimmed when the file is read.
 */
export function describeOddSecret(secret: string, clientId: string): string | undefined {
  if (secret === clientId) return "it is the client id";
  if (secret.startsWith("-----BEGIN")) return "it is a PEM file";
  if (/^(["']).*\1$/s.test(secret)) return "it is in quotation marks, which were sent too";
  if (/\s/.test(secret)) return "it contains whitespace: the file holds more than the secret";
  const decoded = decodeBase64(secret);
  if (decoded?.split(":").length === 4) return "it is an API key: set controlPlane.auth.type to apiKey";
  if (decoded !== undefined) return "it is base64 of a text: the value of the Secret may be encoded twice";
  return undefined;
}

/** Decodes base64 of printable text; a random secret hardly ever decodes to any. */
function decodeBase64(text: string): string | undefined {
  if (text.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/(?<!=)=+$/, "") !== text.replace(/(?<!=)=+$/, "")) return undefined;
  const decoded = bytes.toString("latin1");
  return /^[\x20-\x7e]+$/.test(decoded.trimEnd()) ? decoded : undefined;
}
