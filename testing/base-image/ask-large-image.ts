// Asks for Python 3.12 in an image whose large layer comes by standard input, in a process of its own, and prints what that
// took as JSON.
//   node ask-large-image.ts config|below|inside|nowhere    where the Python is
import { findPython } from "../../src/base-image/find-python.ts";
import { defaultLimits } from "../../src/base-image/read-layers.ts";
import { file, packLayer } from "./layer.ts";
import { memoryRegistry } from "./memory-registry.ts";
import { placeholderPython } from "./parts.ts";

/** What asking took. */
export interface LargeImageReport {
  verdict: string | undefined;
  /** Of layers. */
  bytesRead: number;
  /** Megabytes: the most that the process had. */
  memory: number;
}

const place = process.argv[2];
const size = 10_000_000_000;
const large = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", size, open: () => process.stdin };
const small = await packLayer(place === "below" ? placeholderPython : [file("etc/hostname")], "gzip");
const registry = memoryRegistry(place === "config" ? ["PYTHON_VERSION=3.12.4"] : [], [small, large]);
const question = {
  reference: { host: "registry.test", repository: "base", tag: "1", digest: undefined },
  platform: { os: "linux", architecture: "amd64" },
  wanted: ["3.12"],
  limits: { ...defaultLimits, storedBytes: 2 * size },
};
const { verdicts, bytesRead } = await findPython(registry, question, new AbortController().signal);
const memory = process.resourceUsage().maxRSS / 1024;
const report: LargeImageReport = { verdict: verdicts.get("3.12")?.kind, bytesRead, memory };
process.stdout.write(JSON.stringify(report));
process.stdin.destroy();
