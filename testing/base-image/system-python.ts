import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { PythonParts } from "./image-kit.ts";
import { file } from "./layer.ts";

/** The Python of this Debian, which finds its library wherever it is put, or in /usr/lib. */
export const systemPython = "/usr/bin/python3";

/** A script whose first line is what this Python is; its library follows in one archive, which takes less time to unpack. */
const script = `
import glob, io, json, os, platform, sys, sysconfig, zipfile
library = sysconfig.get_path("stdlib")
print(json.dumps({
  "version": "%d.%d" % sys.version_info[:2],
  "patch": "%d.%d.%d" % sys.version_info[:3],
  "machine": platform.machine(),
  "program": os.path.realpath(sys.executable),
}), flush=True)
archive = io.BytesIO()
with zipfile.PyZipFile(archive, "w") as zipped:
  for path in sorted(glob.glob(library + "/*.py")): zipped.writepy(path)
  for name in ["encodings", "json", "re", "collections", "importlib"]: zipped.writepy(os.path.join(library, name))
sys.stdout.buffer.write(archive.getvalue())
`;

/** The Python of this machine, to be put into images. */
export function readSystemPython(): PythonParts {
  const output = execFileSync(systemPython, ["-c", script], { maxBuffer: 100_000_000 });
  const end = output.indexOf("\n");
  const facts = JSON.parse(output.subarray(0, end).toString()) as Record<
    "version" | "patch" | "machine" | "program",
    string
  >;
  const { version, patch, machine } = facts;
  const zip = output.subarray(end + 1);
  return {
    version,
    patch,
    other: version === "3.12" ? "3.13" : "3.12",
    machine,
    program: readFileSync(facts.program),
    // Python takes a folder for its library's by os.py, and looks into the archive first.
    library: (prefix) => [
      file(`${prefix}/lib/python${version}/os.py`),
      file(`${prefix}/lib/python${version.replace(".", "")}.zip`, zip),
    ],
  };
}
