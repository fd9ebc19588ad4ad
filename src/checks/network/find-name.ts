import { describeCause } from "../../findings/describe-cause.ts";
import type { Names } from "../../network/name-service.ts";
import { resolve } from "../../network/resolve.ts";
import type { CloudService } from "./cloud-service.ts";
import type { NameAnswer } from "./name-verdict.ts";

/** What getaddrinfo says of a name that does not exist, or has no addresses. */
const unknownCodes: readonly unknown[] = ["ENOTFOUND", "EAI_NONAME", "EAI_NODATA"];

/**
 * Looks up the addresses of a server's name, and its alias where that tells of a private endpoint (Azure). That a name has no
 * alias, or that its alias is not found, changes nothing.
 */
export async function findName({ host, way }: CloudService, names: Names, signal: AbortSignal): Promise<NameAnswer> {
  const aliases = way === "private-link" ? names.findAliases(host).catch(() => []) : [];
  try {
    const addresses = await resolve(host, signal, names.lookUp);
    return { kind: "found", addresses, aliases: await aliases };
  } catch (error) {
    const isUnknown = error instanceof Error && "code" in error && unknownCodes.includes(error.code);
    return { kind: isUnknown ? "unknown" : "failed", why: `${host}: ${describeCause(error)}` };
  }
}
