import { problem } from "../findings/registrar-error.ts";
import { readCaBundle } from "../network/ca-bundle.ts";
import type { ReadFile } from "../system/surroundings.ts";
import { decodeText, hasByteOrderMark } from "../system/text-file.ts";

// Files that settings name. Each kind of content has one rule, and what breaks it is a finding about the file, before
// anything is contacted.

/**
 * Reads a text file that a setting names.
 * @throws {RegistrarError} file-unreadable, also for an empty file; file-malformed
 */
export function readNamedText(file: string, setting: string, readFile: ReadFile): string {
  return textIn(readNamedFile(file, setting, readFile), { file, setting });
}

/**
 * Reads a file that holds one secret. Surrounding whitespace is removed. A byte order mark is rejected: the flyte CLI sends
 * it as a part of the secret.
 * @throws {RegistrarError} file-unreadable, also for an empty file; file-malformed
 */
export function readSecret(file: string, setting: string, readFile: ReadFile): string {
  const bytes = readNamedFile(file, setting, readFile);
  if (hasByteOrderMark(bytes)) {
    throw problem("file-malformed", { file, setting }, "the file begins with a byte order mark");
  }
  return textIn(bytes, { file, setting }).trim();
}

/**
 * Reads the CAs of `controlPlane.caFile`.
 * @returns PEM with nothing but certificates
 * @throws {RegistrarError} file-unreadable, also for an empty file; ca-file-malformed
 */
export function readCaFile(file: string, readFile: ReadFile): string {
  const bytes = readNamedFile(file, "controlPlane.caFile", readFile);
  try {
    return readCaBundle(bytes);
  } catch (error) {
    throw problem("ca-file-malformed", { file }, error);
  }
}

function readNamedFile(file: string, setting: string, readFile: ReadFile): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFile(file);
  } catch (error) {
    throw problem("file-unreadable", { file, setting }, error);
  }
  if (bytes.every(isWhitespace)) throw problem("file-unreadable", { file, setting }, "the file is empty");
  return bytes;
}

/** Space, tab and line ends. */
function isWhitespace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function textIn(bytes: Uint8Array, about: { file: string; setting: string }): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw problem("file-malformed", about, error);
  }
}
