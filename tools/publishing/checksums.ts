import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file that `sha256sum --check` takes. */
const checksumsFile = "SHA256SUMS";

/** Writes the checksums of all files of a folder into it. @returns what is written */
export function writeChecksums(folder: string): string {
  const files = readdirSync(folder).filter((file) => file !== checksumsFile);
  const lines = files.sort().map((file) => `${sha256(readFileSync(join(folder, file)))}  ${file}\n`);
  writeFileSync(join(folder, checksumsFile), lines.join(""));
  return lines.join("");
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
