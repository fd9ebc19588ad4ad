import type { PythonParts } from "./image-kit.ts";
import { file } from "./layer.ts";

const program = "a program";

/** A Python that nobody runs: only its names count. */
export const placeholder: PythonParts = {
  version: "3.12",
  patch: "3.12.4",
  other: "3.11",
  machine: "x86_64",
  program: new TextEncoder().encode(program),
  library: (prefix) => [file(`${prefix}/lib/python3.12/os.py`)],
};

/** That Python where Debian has it. */
export const placeholderPython = [file("usr/bin/python3.12", program, 0o755), ...placeholder.library("usr")];
