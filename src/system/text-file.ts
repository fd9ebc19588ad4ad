import { isUtf8 } from "node:buffer";
import type { ReadFile } from "./surroundings.ts";

/** Editors and PowerShell put it at the start of a file. */
const byteOrderMark = Buffer.from("\ufeff");

/**
 * Reads a text file.
 * @returns its text, without a byte order mark
 * @throws what `readFile` throws, and what `decodeText` throws
 */
export function readText(path: string, readFile: ReadFile): string {
  return decodeText(readFile(path));
}

/**
 * The text in the bytes of a file, without a byte order mark.
 * @throws {Error} if they are no UTF-8 text, with a sentence that says what they are
 */
export function decodeText(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error("the file is UTF-16 text, not UTF-8");
  }
  if (!isUtf8(bytes)) throw new Error("the file is not UTF-8 text");
  // Valid in UTF-8, but a file that has it is binary, or UTF-16 without a byte order mark.
  if (bytes.includes(0)) throw new Error("the file contains NUL bytes, so it is not UTF-8 text");
  return new TextDecoder().decode(bytes);
}

/** Whether a UTF-8 text begins with a byte order mark. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length));
}
