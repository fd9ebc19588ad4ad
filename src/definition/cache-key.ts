import { createHash } from "node:crypto";

/**
 * The key under which results of build-image are cached (`discoveryVersion`), as SDK 2.12 computes it for a ContainerTask
 * whose cache is automatic: over the image and the command. It lets other data planes and manual registrations of the same
 * definition share cached images. Source: ContainerBodyPolicy of flyte/extras/_container.py, then Cache.get_version.
 */
export function cacheKey(image: string, command: readonly string[]): string {
  const body = pythonJson({
    image,
    command,
    args: [],
    input_data_dir: "/var/inputs",
    output_data_dir: "/var/outputs",
    metadata_format: "JSON",
    file_input_layout: "DIRECT",
  });
  return sha256(sha256(body));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The key is made of text only, so no number has to be written as Python writes it. */
type Text = string | readonly Text[] | { readonly [key: string]: Text };

/** JSON as Python's `json.dumps(…, sort_keys=True)` writes it: a space after separators, ASCII only, sorted keys. */
export function pythonJson(value: Text): string {
  if (typeof value === "string") return JSON.stringify(value).replace(/[\x7f-\uffff]/g, escaped);
  if (isList(value)) return `[${value.map(pythonJson).join(", ")}]`;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`).join(", ")}}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isList(value: Text): value is readonly Text[] {
  return Array.isArray(value);
}
