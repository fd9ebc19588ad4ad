import { existsSync, lstatSync } from "node:fs";
import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { parseImageEnvironment } from "../../src/base-image/image-environment.ts";
import type { ImageRow } from "./image-kit.ts";
import type { Entry } from "./layer.ts";
import { type Blob, writeLayout } from "./oci-layout.ts";
import { sharedLibrariesOf } from "./shared-libraries.ts";
import { systemPython } from "./system-python.ts";

/** What real uv said in an image. */
interface UvJudgement {
  found: boolean;
  /** What it printed. */
  words: string;
}

/** Asks real uv in images that umoci has unpacked. */
export interface UvJudge extends AsyncDisposable {
  ask(image: ImageRow): Promise<UvJudgement>;
}

/** Why real uv cannot be asked on this machine; nothing if it can. */
export function missingForUv(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "only root on Linux can change the root directory";
  if (!existsSync("/usr/bin/apt-get")) return "they take their Python from Debian";
  return undefined;
}

/** Where programs and what they need are put, apart from all that the images have. */
const ownFolder = "judge";

/** @param uv path of the executable */
export async function openUvJudge(uv: string): Promise<UvJudge> {
  // On one file system, links are enough.
  const folder = await mkdtemp(join(tmpdir(), "uv-judge-"));
  const shared = join(folder, "shared");
  await mkdir(shared);
  const { loader, libraries } = await sharedLibrariesOf([uv, systemPython]);
  for (const path of [uv, loader, ...libraries]) await copyFile(path, join(shared, basename(path)));
  const packed = new Map<readonly Entry[], Promise<Blob>>();
  let images = 0;
  return {
    async ask(image) {
      const layout = join(folder, `image-${++images}`);
      await writeLayout(layout, shared, image, packed);
      const root = join(layout, "root");
      await execa("umoci", ["raw", "unpack", "--image", `${layout}:image`, root]);
      await mkdir(join(root, ownFolder));
      for (const path of [uv, ...libraries]) {
        await link(join(shared, basename(path)), join(root, ownFolder, basename(path)));
      }
      await mkdir(join(root, dirname(loader)), { recursive: true });
      await link(join(shared, basename(loader)), join(root, loader));
      await placeShell(root);
      // uv gives it to the programs that it runs as their input.
      await mkdir(join(root, "dev"));
      await writeFile(join(root, "dev/null"), "");
      const env = Object.fromEntries(parseImageEnvironment(image.env));
      const asked = [root, `/${ownFolder}/uv`, "venv", "--no-cache", "--python", image.wanted, "/venv-of-the-build"];
      const own = { UV_PYTHON_DOWNLOADS: "never", LD_LIBRARY_PATH: `/${ownFolder}`, HOME: "/root" };
      const run = await execa("/usr/sbin/chroot", asked, {
        env: { PATH: defaultPath, ...own, ...env },
        extendEnv: false,
        reject: false,
      });
      await rm(layout, { recursive: true });
      const words = `${run.stdout}${run.stderr}`;
      if (run.failed && !words.includes("No interpreter found")) throw new Error(`uv could not be asked: ${words}`);
      return { found: !run.failed, words };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** A shell, as every image has where RUN steps work: uv learns from it which C library there is. */
async function placeShell(root: string): Promise<void> {
  for (const folder of ["usr/bin", "bin"]) {
    const place = join(root, folder);
    // An image's link could lead out of it.
    if (existsSync(place) && lstatSync(place).isDirectory()) await copyFile("/bin/sh", join(place, "sh"));
  }
}

/** What runc gives to an image that sets none. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
