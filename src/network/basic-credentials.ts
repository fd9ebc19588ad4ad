/**
 * Quotes a text as Python's `urllib.parse.quote_plus` does: letters, digits and `_.-~` stay, a space becomes `+`, and each other
 * byte of its UTF-8 becomes %XX.
 */
export function quotePlus(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/**
 * The Basic credentials of an OAuth client, byte for byte as flyte 2.12.1 sends them (`get_basic_authorization_header`): the id as
 * it is, the secret by `quote_plus`. RFC 6749 requires form encoding of both, which also escapes `-_.~`; identity providers that do
 * not decode (Amazon Cognito, authentik, Keycloak before 19) then reject most ids and secrets.
 */
export function basicCredentials(clientId: string, clientSecret: string): string {
  return Buffer.from(`${clientId}:${quotePlus(clientSecret)}`).toString("base64");
}
