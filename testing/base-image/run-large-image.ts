import { join } from "node:path";
import { execa } from "execa";
import type { LargeImageReport } from "./ask-large-image.ts";
import { largeLayer } from "./large-layer.ts";
import { placeholderPython } from "./parts.ts";

/** Where the Python of an image with a large layer is: declared, in a small layer below, at the end of the large one, nowhere. */
export type LargeImagePlace = "config" | "below" | "inside" | "nowhere";

/**
 * Asks for a Python in an image with a layer of that many bytes, in a process of its own.
 * @param program the script, or what it was bundled into
 */
export async function runLargeImage(
  place: LargeImagePlace,
  bytes: number,
  program = join(import.meta.dirname, "ask-large-image.ts"),
): Promise<LargeImageReport> {
  const isRead = place === "inside" || place === "nowhere";
  const asking = execa(process.execPath, [program, place], { stdin: isRead ? "pipe" : "ignore", stderr: "inherit" });
  if (asking.stdin) largeLayer(bytes, place === "inside" ? placeholderPython : []).pipe(asking.stdin);
  const { stdout } = await asking;
  return JSON.parse(stdout) as LargeImageReport;
}
