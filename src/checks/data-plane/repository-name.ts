import net from "node:net";

/** Characters of the part after the host. Source: RepositoryNameTotalLengthMax of github.com/distribution/reference. */
const longestPath = 255;

/** A part between slashes. Source: the grammar of github.com/distribution/reference. */
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/**
 * Why a text is not the name of a repository as registries take it: `host[:port]/path`, `path` for Docker Hub. A host alone
 * is one, too: the data plane chart offers `registry.depot.dev`.
 * @returns the reason, as the end of a sentence; nothing if it is a name
 */
export function repositoryFault(text: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text);
  if (scheme) return `it begins with the scheme ${scheme[0]}`;
  if (/\s/.test(text)) return "it contains whitespace";
  if (text.includes("@")) return "it contains an @, which separates a digest or a user; neither belongs here";
  if (text.endsWith("/")) return "it ends with a slash";
  const [first = "", ...others] = text.split("/");
  // Without a slash, a.b is a name or a host, both of which will do.
  const isName = others.length === 0 && (component.test(first) || isTagged(first));
  const isHost = /[.:]|^localhost$/.test(first) && !isName;
  const fault = isHost ? hostFault(first) : undefined;
  return fault ?? pathFault(isHost ? others : [first, ...others]);
}

/** Whether a text without a slash is a name with a tag (`union:latest`), and not a host with a port (`registry:5000`). */
function isTagged(text: string): boolean {
  return !text.startsWith("[") && /:(?!\d+$)/.test(text);
}

function hostFault(host: string): string | undefined {
  if (net.isIPv6(host)) return `the IPv6 address ${host} is not in brackets`;
  const [, name = "", port] = /^(\[.*\]|[^:[\]]*)(?::(.*))?$/.exec(host) ?? [];
  if (name === "") return `${host} is not host:port`;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
    return `the port "${port}" is not a number from 1 to 65535`;
  }
  if (name.startsWith("[")) return isIPv6(name.slice(1, -1)) ? undefined : `${name} is not an IPv6 address`;
  return hostName.test(name) ? undefined : `${name} is not the name of a host`;
}

function pathFault(components: readonly string[]): string | undefined {
  const last = components.at(-1) ?? "";
  if (last.includes(":")) return `it has the tag ${last.slice(last.indexOf(":"))}, and builds add their own`;
  const wrong = components.find((part) => !component.test(part));
  if (wrong === "") return "a part between slashes is empty";
  if (wrong !== undefined && /[^A-Za-z0-9._-]/.test(wrong)) return `"${wrong}" has a character that names cannot have`;
  if (wrong !== undefined && /[A-Z]/.test(wrong)) return `"${wrong}" has capital letters`;
  if (wrong !== undefined) return `"${wrong}" has a ., _ or - at its beginning or end, or two of them in a row`;
  if (components.join("/").length > longestPath) return `its path is longer than ${longestPath} characters`;
  return undefined;
}

/** An IPv6 address in hexadecimal alone, without a zone: that is all that the grammar has. */
function isIPv6(text: string): boolean {
  return /^[\da-f:]+$/i.test(text) && net.isIPv6(text);
}
