import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** A base image, and the version of Python that builds ask for: `3.12`. */
interface Wanted {
  image: string;
  python: string;
}

/** Asks the image itself. */
function askImage({ image, python }: Wanted, { kubectl }: Reader): string {
  const script = `for p in python${python} python3 python; do command -v $p && $p --version; done`;
  return kubectl(
    `run base-image-probe --rm -i --restart=Never --image=${shellQuote(image)} --command -- sh -c ${shellQuote(script)}`,
  );
}

/** How the SDK is told a version: `Image.from_base` alone sends that of the computer where it runs. */
function inSdk(image: string, python: string): string {
  return `Image.from_base("${image}").clone(name="<name>", extendable=True, python_version=(${python.replace(".", ", ")}))`;
}

/** Python in the images that users build on. */
export const baseImageCodes = {
  "python-not-found": entry<Wanted & { versions: readonly string[] }>({
    exit,
    what: ({ image, python, versions }) =>
      versions.length === 0
        ? `builds on ${image} for Python ${python} fail: no Python is where uv looks for one`
        : `builds on ${image} for Python ${python} fail: it has Python ${versions.join(" and ")}`,
    fix: ({ image, python, versions }, { setting }) => {
      const own = versions.at(-1);
      return own === undefined
        ? `Put Python ${python} into a directory of the image's PATH, or have users build on an image that has it, and name that in ${setting("builds.baseImages")}.`
        : `Give the image's own version in the definition of users' images, because Image.from_base without it sends that of the user's computer: ${inSdk(image, own)}; or put Python ${python} into the image. Then correct python of this image in ${setting("builds.baseImages")}.`;
    },
    next: askImage,
  }),
  "python-only-in-venv": entry<Wanted & { where: string }>({
    exit,
    what: ({ image, python, where }) =>
      `Python ${python} of ${image} is only in a virtual environment (${where}), where uv does not look for it`,
    fix: ({ python }, { setting }) =>
      `Put the directory of the python${python} that the virtual environment was made from into PATH in the image, or into its variable UV_PYTHON_SEARCH_PATH; or have users build on another image, and name that in ${setting("builds.baseImages")}.`,
    next: askImage,
  }),
  "python-unknown": entry<Wanted & { unread: { layers: number; bytes: number } }>({
    exit,
    what: ({ image, python, unread: { layers, bytes } }) =>
      layers === 0
        ? `whether builds find Python ${python} in ${image} cannot be seen from its files`
        : `whether builds find Python ${python} in ${image} is not known: ${layers} of its layers, ${sizeText(bytes)}, were not read`,
    fix: ({ python }) =>
      `Run the command under next, which asks the image itself; or, so that no layer has to be read, set ENV PYTHON_VERSION=${python}.<patch> in an image with Python in /usr/local/bin, as Docker's official images do.`,
    next: askImage,
  }),
} as const;

/** `2145 MB` */
function sizeText(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
