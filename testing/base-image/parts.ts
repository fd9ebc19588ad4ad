import type { PythonParts } from "./images.ts";
import { file } from "./layer.ts";

/** A Python that nobody runs: only its names count. */
export const placeholder: PythonParts = {
  version: "3.12",
  patch: "3.12.4",
  other: "3.11",
  machine: "x86_64",
  program: new TextEncoder().encode("a program"),
  library: (prefix) => [file(`${prefix}/lib/python3.12/os.py`)],
};
