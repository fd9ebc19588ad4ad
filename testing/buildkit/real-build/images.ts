import { readFileSync, realpathSync } from "node:fs";
import { arch } from "node:os";
import { debianPath } from "../../base-image/image-kit.ts";
import { directory, type Entry, file, packLayer } from "../../base-image/layer.ts";
import { sharedLibrariesOf } from "../../base-image/shared-libraries.ts";
import { readSystemPython, systemPython } from "../../base-image/system-python.ts";
import { type ImageContent, imageContent } from "../../registry/image-content.ts";

/** A base image, and the version of its Python: `3.11`. */
export interface BaseImage {
  readonly content: ImageContent;
  readonly pythonVersion: string;
}

/**
 * A base image in which steps of builds run, of one layer of 50 MB: a shell, `sleep`, uv and Python of this machine.
 * @param uv path of the executable
 * @param index address of the package index that uv uses in it
 */
export async function makeBaseImage(uv: string, index: string): Promise<BaseImage> {
  const python = readSystemPython();
  const programs = { "bin/sh": "/bin/sh", "bin/sleep": "/bin/sleep", "usr/local/bin/uv": uv };
  const { loader, libraries } = await sharedLibrariesOf([...Object.values(programs), systemPython]);
  const copy = (path: string, source: string) => file(path, readFileSync(realpathSync(source)), 0o755);
  const entries: Entry[] = [
    ...["bin", "dev", "etc", "proc", "root", "sys", "tmp", "usr/local/bin"].map(directory),
    ...Object.entries(programs).map(([path, source]) => copy(path, source)),
    ...[loader, ...libraries].map((path) => copy(path.slice(1), path)),
    file(`usr/local/bin/python${python.version}`, python.program, 0o755),
    ...python.library("usr/local"),
  ];
  const env = [debianPath, "HOME=/root", `UV_INDEX_URL=${index}`, "UV_PYTHON_DOWNLOADS=never", "UV_HTTP_RETRIES=0"];
  return { content: await ofOneLayer(entries, { env }), pythonVersion: python.version };
}

/**
 * The frontend that reads Dockerfiles, as an image: buildkit runs its entrypoint.
 * @param program path of dockerfile-frontend, which requires no library
 */
export function makeFrontendImage(program: string): Promise<ImageContent> {
  const path = "bin/dockerfile-frontend";
  return ofOneLayer([directory("bin"), file(path, readFileSync(program), 0o755)], { entrypoint: [`/${path}`] });
}

/** Not compressed, which takes longer than it saves on one machine. */
async function ofOneLayer(entries: readonly Entry[], config: { env?: string[]; entrypoint?: string[] }) {
  const { bytes } = await packLayer(entries, "tar");
  const architecture = arch() === "x64" ? "amd64" : arch();
  return imageContent({ layers: [Buffer.from(bytes)], architecture, isUncompressed: true, ...config });
}
