const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$|\.localhost$|\.svc(?:\.cluster\.local)?$/i;

/**
 * Whether plain HTTP to a host stays on this machine or inside its Kubernetes cluster: identity providers and data planes that are
 * installed in the cluster are often reached so.
 * @param hostname as in a URL, so an IPv6 address is in brackets
 */
export function isLocalHost(hostname: string): boolean {
  return local.test(hostname);
}
