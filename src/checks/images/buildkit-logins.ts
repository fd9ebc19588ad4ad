import type { FindLogin } from "../../buildkit/auth-session.ts";
import type { RequiredImage } from "../../images/required-image.ts";
import { apiHostOf, parseImageReference } from "../../registry/image-reference.ts";
import type { Logins } from "../../registry/logins.ts";

/**
 * The logins to hand to buildkit, by the registry's host: buildkit asks for one without naming a repository. Tokens of Docker are
 * not handed over, since the session gives user names and passwords.
 * @throws {RegistrarError} registry-login-helper-missing, registry-login-helper-failed
 */
export async function buildkitLogins(
  images: readonly RequiredImage[],
  logins: Logins,
  signal: AbortSignal,
): Promise<FindLogin> {
  const found = new Map<string, ReturnType<FindLogin>>();
  for (const { reference } of images) {
    const parsed = parseImageReference(reference);
    const host = apiHostOf(parsed);
    if (found.has(host)) continue;
    const secret = (await logins.find(parsed, signal))?.secret;
    if (secret?.kind === "password") found.set(host, secret);
  }
  return (host) => found.get(host);
}
