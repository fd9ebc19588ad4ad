import type { Leaf } from "./leaves.ts";

/** `controlPlane.auth.clientId`: how a setting is named in messages and documents. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : String(key)))
    .join(".")
    .replaceAll(".[", "[");
}

/** `--control-plane-auth-client-id`. */
export function flagOf(leaf: Pick<Leaf, "path">): string {
  return `--${leaf.path.map((key) => words(key).join("-").toLowerCase()).join("-")}`;
}

/** `REGISTRAR_CONTROL_PLANE_AUTH_CLIENT_ID`. */
export function variableOf(leaf: Pick<Leaf, "path">): string {
  return ["REGISTRAR", ...leaf.path.map((key) => words(key).join("_").toUpperCase())].join("_");
}

function words(camelCase: string): string[] {
  return camelCase.split(/(?=[A-Z])/);
}
